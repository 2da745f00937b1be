/**
 * The message examples of the specification, taken out of its text (RFC 60001 section 2.3).
 * @module
 */

/** The kinds of server that examples talk to, as their introductions name them. */
export type ServerKind = "central index server" | "registration server" | "RFC server";

/** Bytes that one side sends on a connection before anything else happens. */
export interface SendStep {
  /** The client's number: 1 for `C:` and `S:`, 2 for `C2:` and `S2:`. */
  readonly connection: number;
  readonly direction: "client" | "server";
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The server closes a connection. If its client sends again, that is on a new connection. */
export interface CloseStep {
  readonly connection: number;
  readonly closes: true;
}

/** What happens next in an example. */
export type Step = SendStep | CloseStep;

/** One figure of the specification. */
export interface Example {
  readonly server: ServerKind;
  /** Number of the section it stands in, e.g. `4.4`; empty before the first one. */
  readonly section: string;
  /** Title of that section, e.g. `ADD`. */
  readonly title: string;
  /** Line of its introduction, counted from 1. */
  readonly line: number;
  /** Whether it goes on where the example before it ended, instead of beginning with a fresh server. */
  readonly continued: boolean;
  readonly steps: readonly Step[];
}

const introduction =
  /^ {3}Example with (?:the (central index server|registration server)|an (RFC server)):$/;
const heading = /^(\d+(?:\.\d+)*|Appendix [A-Z])\. {2}(\S.*)$/;
const figureLine = /^ {6}/;
const message = /^([CS])([1-9]\d*)?([:|])(?: (.*))?$/;
const closing = "(the server closes the connection)";
const encoder = new TextEncoder();

/**
 * All examples of a document of the specification, in its order.
 *
 * @throws {SyntaxError} if a figure has a line that is neither a message line nor a close, or has no steps.
 */
export function readExamples(text: string): Example[] {
  const lines = text.split("\n");
  const examples: Example[] = [];
  let section = "";
  let title = "";
  for (let i = 0; i < lines.length; i++) {
    const head = heading.exec(lines[i]!);
    if (head !== null) [section, title] = [head[1]!, head[2]!];
    const intro = introduction.exec(lines[i]!);
    if (intro === null) continue;
    const server = (intro[1] ?? intro[2]) as ServerKind;
    const line = i + 1;
    const continued = lines[i + 1]?.trim() === "(continued)";
    const figure = readFigure(lines, continued ? i + 2 : i + 1);
    const steps = readSteps(figure);
    if (steps.length === 0) {
      throw new SyntaxError(`Cannot read example in line ${line}: it is empty`);
    }
    examples.push({ server, section, title, line, continued, steps });
  }
  return examples;
}

/** A line of a figure, folds undone. */
interface FigureLine {
  readonly text: string;
  readonly line: number;
}

/** The lines from `start` on that belong to the figure: indented by six or more, blank lines left out. */
function readFigure(lines: readonly string[], start: number): FigureLine[] {
  const figure: FigureLine[] = [];
  for (let i = start; i < lines.length; i++) {
    if (lines[i]!.trim() === "") continue;
    if (!figureLine.test(lines[i]!)) break;
    const line = i + 1;
    let text = lines[i]!.slice(6);
    while (text.endsWith("\\")) {
      if (!figureLine.test(lines[++i] ?? "")) {
        throw new SyntaxError(`Cannot read example in line ${line}: nothing follows its fold`);
      }
      text = text.slice(0, -1) + lines[i]!.trimStart();
    }
    figure.push({ text, line });
  }
  return figure;
}

function readSteps(figure: readonly FigureLine[]): Step[] {
  const steps: Step[] = [];
  for (const { text, line } of figure) {
    const last = steps.at(-1);
    if (text === closing) {
      if (last === undefined) {
        throw new SyntaxError(`Cannot read example in line ${line}: nothing was opened to close`);
      }
      steps.push({ connection: last.connection, closes: true });
      continue;
    }
    const match = message.exec(text);
    if (match === null) {
      throw new SyntaxError(
        `Cannot read example in line ${line}: expected C:, S:, S| or a close, got "${text}"`,
      );
    }
    const connection = Number(match[2] ?? 1);
    const direction = match[1] === "C" ? "client" : "server";
    const bytes = encoder.encode((match[4] ?? "") + (match[3] === ":" ? "\r\n" : "\n"));
    if (
      last !== undefined && "bytes" in last && last.connection === connection &&
      last.direction === direction
    ) {
      steps[steps.length - 1] = { ...last, bytes: concat(last.bytes, bytes) };
    } else steps.push({ connection, direction, bytes });
  }
  return steps;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
