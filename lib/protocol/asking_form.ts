/**
 * The forms in which a client asks: the given one first, then those that other servers were seen to need
 * (RFC 60001 section 8).
 * @module
 */
import type { Packing } from "./dialect.ts";
import { pack } from "./packing.ts";

/** A form of requests. */
export interface AskingForm {
  /** What it is called in a trace. */
  readonly name: string;
  /** How replies are packed too, if they are. */
  readonly packing: Packing;
  /** Whether only those who refuse the given form may understand it, not those who are silent. */
  readonly isForRefusals?: boolean;
  /** The bytes of a request, out of those in the given form. */
  readonly write: (given: Uint8Array) => Uint8Array;
}

/** The form of the course's handout. */
export const givenAskingForm: AskingForm = {
  name: "given",
  packing: "plain",
  write: (given) => given,
};

/** In the order in which they are tried. */
export const askingForms: readonly AskingForm[] = [
  givenAskingForm,
  { name: "LF", packing: "plain", write: withLf },
  { name: "no blank line", packing: "plain", isForRefusals: true, write: withoutBlankLine },
  packedForm("decimal length"),
  packedForm("writeUTF"),
  packedLfForm("decimal length"),
  packedLfForm("writeUTF"),
];

function packedForm(packing: Exclude<Packing, "plain">): AskingForm {
  return { name: packing, packing, write: (given) => pack(given, packing) };
}

function packedLfForm(packing: Exclude<Packing, "plain">): AskingForm {
  return { name: `${packing}, LF`, packing, write: (given) => pack(withLf(given), packing) };
}

const CR = 13;

function withLf(given: Uint8Array): Uint8Array {
  return given.filter((byte) => byte !== CR);
}

/** Some count the lines of a request. */
function withoutBlankLine(given: Uint8Array): Uint8Array {
  return given.subarray(0, -"\r\n".length);
}

/** The forms that are worth trying, if `known` has worked before. */
export function formsToTry(known: AskingForm | undefined): readonly AskingForm[] {
  return known === undefined ? askingForms : [known];
}
