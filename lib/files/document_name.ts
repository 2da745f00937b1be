/**
 * Which files of a folder are documents. A document's number is the only thing of the wire that becomes a file
 * name, and it does so here only.
 * @module
 */
import { findRfcNumber } from "../protocol/rfc_number.ts";

/** The name under which a document is stored: `rfc8600.txt`. */
export function documentName(number: number): string {
  return `rfc${number}.txt`;
}

/** The number of the document that a file name stands for: `rfc8600.txt`, `RFC8600.txt`, `8600.txt`; or undefined. */
export function findDocumentNumber(fileName: string): number | undefined {
  const match = /^(?:rfc)?(\d{1,7})\.txt$/i.exec(fileName);
  return match === null ? undefined : findRfcNumber(match[1]!);
}
