/**
 * The dialect vectors: what a program sends and what it is answered (`tests/vectors/dialects/README.md`).
 * @module
 */

/** Which server a vector talks to. */
export type VectorServer = "ci" | "rfc" | "rs";

/** Bytes in one direction. */
export interface VectorStep {
  readonly direction: "client" | "server";
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the program is silent behind them. */
  readonly silent: boolean;
  /** Whether it goes over a new connection, the one before being closed. */
  readonly reconnects: boolean;
}

/** One conversation. */
export interface DialectVector {
  readonly name: string;
  readonly server: VectorServer;
  readonly steps: readonly VectorStep[];
}

/** Reads a vector. @throws {SyntaxError} if a line is none of the known kinds. */
export function readVector(name: string, text: string): DialectVector {
  let server: VectorServer | undefined;
  const steps: (Omit<VectorStep, "bytes"> & { data: string })[] = [];
  let reconnects = false;
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const last = steps.at(-1);
    const message = /^([<>]) (.*)$/.exec(line);
    if (message !== null) {
      const direction = message[1] === ">" ? "client" : "server";
      const goesOn = last?.direction === direction && !last.silent && !reconnects;
      if (goesOn) steps[steps.length - 1] = { ...last, data: last.data + message[2] };
      else steps.push({ direction, data: message[2]!, silent: false, reconnects });
      reconnects = false;
    } else if (line === "." && last?.direction === "client") {
      steps[steps.length - 1] = { ...last, silent: true };
    } else if (line === "--") {
      reconnects = true;
    } else if (/^server: (?:ci|rfc|rs)$/.test(line)) {
      server = line.slice("server: ".length) as VectorServer;
    } else {
      throw new SyntaxError(`Cannot read vector ${name}: ${line}`);
    }
  }
  if (server === undefined) throw new SyntaxError(`Cannot read vector ${name}: it names no server`);
  return {
    name,
    server,
    steps: steps.map(({ data, ...step }) => ({ ...step, bytes: unescape(data) })),
  };
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };

function unescape(data: string): Uint8Array<ArrayBuffer> {
  const text = data.replace(
    /\\(?:x([0-9a-f]{2})|(.))/gi,
    (all, hex: string | undefined, letter: string | undefined) =>
      hex !== undefined ? String.fromCharCode(parseInt(hex, 16)) : escapes[letter!] ?? all,
  );
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
