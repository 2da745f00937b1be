/**
 * What is reported of documents that were read again, and as what people read it.
 * @module
 */
import type { Verdict } from "../roles/verdict.ts";
import { count, secondsText } from "./quantities.ts";

/** A document was read again. Digests are SHA-256 in hexadecimal. */
export interface CheckedEvent {
  readonly event: "checked";
  readonly rfc: number;
  readonly path: string;
  readonly verdict: Verdict;
  /** Of its bytes; missing if it cannot be read. */
  readonly sha256?: string;
  /** That was kept of it. */
  readonly kept?: string;
  /** That others announce, and how many do. */
  readonly announced: readonly { readonly sha256: string; readonly holders: number }[];
  /** Why it cannot be read. */
  readonly reason?: string;
}

/** A document was replaced; the old one is there still, under another name. */
export interface SetAsideEvent {
  readonly event: "set aside";
  readonly rfc: number;
  readonly path: string;
}

/** What came of reading documents again; the number of each verdict. */
export interface VerifiedEvent extends Readonly<Record<Verdict, number>> {
  readonly event: "verified";
  readonly documents: number;
  readonly repaired: number;
  readonly seconds: number;
}

/** Anything that is reported of documents that were read again. */
export type VerifyEvent = CheckedEvent | SetAsideEvent | VerifiedEvent;

/** An event as a line for people. */
export function verifyText(event: VerifyEvent): string {
  switch (event.event) {
    case "checked":
      return checkedText(event);
    case "set aside":
      return `RFC ${event.rfc}: the old one is kept as ${event.path}`;
    case "verified":
      return verifiedText(event);
  }
}

/** Number and verdict in columns, then the file and why. */
function checkedText(event: CheckedEvent): string {
  const number = `RFC ${event.rfc}`.padEnd(9);
  return `${number}  ${event.verdict.padEnd(7)}  ${event.path}  ${whyText(event)}`;
}

/** How much of a digest is shown to people, in characters: enough to tell two from each other. */
const shownDigits = 12;

function whyText({ verdict, sha256, kept, announced, reason }: CheckedEvent): string {
  const shown = (digest: string | undefined) => digest?.slice(0, shownDigits) ?? "nothing";
  const holders = announced.find((one) => one.sha256 === sha256)?.holders ?? 0;
  switch (verdict) {
    case "fine":
      return holders === 0 ? "as it was" : `as ${count(holders, "other")} ${have(holders)} it`;
    case "damaged":
      return reason ?? `SHA-256 ${shown(sha256)}…, was ${shown(kept)}…`;
    case "changed":
      return `written to: SHA-256 ${shown(sha256)}…, was ${shown(kept)}…`;
    case "differs": {
      const [most] = announced;
      return `SHA-256 ${shown(sha256)}…, ${count(most?.holders ?? 0, "other")} ${
        have(most?.holders ?? 0)
      } ${shown(most?.sha256)}…`;
    }
    case "unknown":
      return "nothing to compare it with";
  }
}

function have(number: number): string {
  return number === 1 ? "has" : "have";
}

function verifiedText(event: VerifiedEvent): string {
  const verdicts = (["fine", "damaged", "changed", "differs", "unknown"] as const)
    .filter((verdict) => event[verdict] > 0)
    .map((verdict) => `${event[verdict]} ${verdict}`);
  if (event.repaired > 0) verdicts.push(`${event.repaired} repaired`);
  const read = `${count(event.documents, "document")} read in ${secondsText(event.seconds)}`;
  return [read, ...verdicts].join("; ");
}
