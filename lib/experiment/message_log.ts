/**
 * The exact messages of the first exchanges of each kind, for people to read.
 * @module
 */
import type { Trace, TracedMessage } from "../net/trace.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";

/** How many exchanges of each kind are kept. */
const exchangesPerKind = 2;

/** How much of one exchange is kept, in bytes: an index of the course's 60 documents, and more. */
const maxExchangeBytes = 16_384;

/** A request and its reply. */
interface Exchange {
  text: string;
  bytes: number;
}

/** Keeps the first exchanges of each kind. */
export class MessageLog {
  readonly #exchanges: Exchange[] = [];
  readonly #counts = new Map<string, number>();

  /** The messages, with a heading each. */
  get text(): string {
    return this.#exchanges.map(({ text }) => text).join("");
  }

  /**
   * Listens to what one peer asks; its messages come one after another.
   *
   * @param system Requests of the two systems are of different kinds.
   */
  listener(system: string, peer: number): Trace {
    let present: Exchange | undefined;
    return (message) => {
      if (message.direction === "sent") present = this.#begin(`${system} ${kindOf(message)}`);
      if (present === undefined || present.bytes > maxExchangeBytes) return;
      present.bytes += message.bytes.length;
      present.text += describe(message, peer);
    };
  }

  /** Nothing if enough of this kind are kept. */
  #begin(kind: string): Exchange | undefined {
    const count = this.#counts.get(kind) ?? 0;
    if (count === exchangesPerKind) return undefined;
    this.#counts.set(kind, count + 1);
    const exchange = { text: "", bytes: 0 };
    this.#exchanges.push(exchange);
    return exchange;
  }
}

/** What a request asks for: its words before the first number or version. */
function kindOf({ bytes }: TracedMessage): string {
  const firstLine = new TextDecoder().decode(bytes).split("\r\n", 1)[0]!;
  return firstLine.replace(/ (?:\d|P2P-).*$/, "");
}

function describe(
  { direction, remote, bytes, continued, documentBytes }: TracedMessage,
  peer: number,
): string {
  const text = new TextDecoder().decode(bytes);
  const heading = direction === "sent"
    ? `--> peer ${peer} to ${formatEndpoint(remote)}\r\n`
    : `<-- peer ${peer} from ${formatEndpoint(remote)}\r\n`;
  const document = documentBytes === undefined
    ? ""
    : `[${documentBytes} bytes of document]\r\n\r\n`;
  return `${continued ? "" : heading}${text}${document}`;
}
