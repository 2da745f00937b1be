/**
 * What may be typed behind options: addresses, numbers of documents, ports.
 * @module
 */
import { type Message, message } from "@optique/core/message";
import { integer, type ValueParser } from "@optique/core/valueparser";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../protocol/endpoint.ts";
import { parseSha256 } from "../protocol/digest.ts";
import { type NumberRange, parseNumberRanges } from "../protocol/number_ranges.ts";
import { formatRate, parseRate } from "./rate.ts";

/** A server's or peer's address: `host`, `host:port`, `[v6]:port`. */
export function endpoint(defaultPort?: number): ValueParser<"sync", Endpoint> {
  return {
    mode: "sync",
    metavar: defaultPort === undefined ? "HOST:PORT" : "HOST[:PORT]",
    placeholder: { host: "", port: 1 },
    parse: (input) => attempt(() => parseEndpoint(input, defaultPort)),
    format: formatEndpoint,
  };
}

/** Numbers of documents: `8600`, `8600-8605`, `1,2,8600-8605`. */
export function numberRanges(): ValueParser<"sync", readonly NumberRange[]> {
  return {
    mode: "sync",
    metavar: "RANGES",
    placeholder: [],
    parse: (input) => attempt(() => parseNumberRanges(input)),
    format: (ranges) => ranges.map(({ first, last }) => `${first}-${last}`).join(","),
  };
}

/** A document's SHA-256, by parseSha256; the value is in hexadecimal. */
export function sha256Digest(): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar: "sha-256:DIGEST",
    placeholder: "",
    parse: (input) => attempt(() => parseSha256(input)),
    format: (sha256) => `sha-256:${sha256}`,
  };
}

/** A limit of speed, by parseRate; `none` gives undefined. */
export function rate(): ValueParser<"sync", number | undefined> {
  return {
    mode: "sync",
    metavar: "RATE",
    placeholder: undefined,
    parse: (input) => attempt(() => parseRate(input)),
    format: formatRate,
  };
}

/** Longest latency, in ms: the far side of the Moon. */
const maxLatencyMs = 5_000;

/** How long a message travels, in ms: `20ms`, `0.5ms`, `1s`. */
export function latency(): ValueParser<"sync", number> {
  return {
    mode: "sync",
    metavar: "TIME",
    placeholder: 0,
    parse: (input) =>
      attempt(() => {
        const [, number, unit] = /^(\d{1,4}(?:\.\d{1,3})?) ?(ms|s)$/.exec(input) ?? [];
        const ms = Number(number) * (unit === "s" ? 1_000 : 1);
        if (ms <= maxLatencyMs) return ms;
        throw new RangeError(
          `Cannot parse latency: expected a number with ms or s, at most ${maxLatencyMs} ms, got ${
            JSON.stringify(input)
          }`,
        );
      }),
    format: (ms) => `${ms}ms`,
  };
}

/** A port to listen on; 0 takes any free one. */
export function listenPort(): ValueParser<"sync", number> {
  return integer({ min: 0, max: 65_535, metavar: "PORT" });
}

function attempt<T>(
  parse: () => T,
): { success: true; value: T } | { success: false; error: Message } {
  try {
    return { success: true, value: parse() };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { success: false, error: message`${error.message}` };
  }
}
