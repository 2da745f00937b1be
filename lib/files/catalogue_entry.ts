/**
 * The lines of a catalogue: what was once read of a file, with the size and time that the file had then.
 * @module
 */
import { maxTitleChars } from "../protocol/limits.ts";
import { parseTitle } from "../protocol/title.ts";
import { findDocumentNumber } from "./document_name.ts";
import { titleRules } from "./title.ts";

/** What is known of a file as long as its size and time stay as they are. */
export interface CatalogueEntry {
  /** Of the file, within its folder. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** In ms since 1970. */
  readonly modifiedAt: number;
  /** What is announced of it, if that was read. */
  readonly title?: string;
  /** SHA-256 in hexadecimal, if it was computed. */
  readonly sha256?: string;
}

/** Longest line that is read, in characters: the longest name and title with every character escaped fit. */
export const maxEntryChars = 8_192;

/** The form of the lines. A catalogue in another form is not read. */
const catalogueForm = 1;

/** The first line of a catalogue: in which form it is, and by which rules its titles were found. */
export function formatCatalogueHead(): string {
  return JSON.stringify({ catalogue: catalogueForm, titleRules });
}

/** What a first line says: whether the titles below it still hold; undefined if it begins no catalogue that can be read. */
export function findCatalogueHead(line: string): { readonly titlesHold: boolean } | undefined {
  const head = findObject(line);
  if (head?.["catalogue"] !== catalogueForm) return undefined;
  return { titlesHold: head["titleRules"] === titleRules };
}

/** The line of an entry, without its line end. */
export function formatEntry({ name, size, modifiedAt, title, sha256 }: CatalogueEntry): string {
  return JSON.stringify({ name, size, modifiedAt, title, sha256 });
}

/** The entry that a line holds, or undefined: what was damaged, or written by somebody else, is not believed. */
export function findEntry(line: string): CatalogueEntry | undefined {
  const { name, size, modifiedAt, title, sha256 } = findObject(line) ?? {};
  if (typeof name !== "string" || findDocumentNumber(name) === undefined) return undefined;
  if (!Number.isSafeInteger(size) || (size as number) < 0) return undefined;
  if (!Number.isSafeInteger(modifiedAt)) return undefined;
  if (title !== undefined && !isTitle(title)) return undefined;
  if (sha256 !== undefined && !isSha256(sha256)) return undefined;
  return {
    name,
    size: size as number,
    modifiedAt: modifiedAt as number,
    ...(title === undefined ? {} : { title }),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

function findObject(line: string): Readonly<Record<string, unknown>> | undefined {
  if (line.length > maxEntryChars) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a text can be announced as it is. */
function isTitle(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= maxTitleChars &&
    !/\p{Cc}/u.test(value) && parseTitle(value) === value;
}

function isSha256(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
