/**
 * Documents for tests.
 * @module
 */
import { TemporaryFolder } from "./temporary_folder.ts";

/** A short text that looks like an RFC of today, with `lines` lines of prose. Below 2300 the title may be respelled. */
export function documentText(number: number, title: string, lines = 3): string {
  const prose = Array.from({ length: lines }, (_, i) => `   This is line ${i + 1} of the text.`);
  return [
    `Request for Comments: ${number}                            A. Author`,
    "Category: Informational                              May 2021",
    "",
    `                 ${title}`,
    "",
    "Abstract",
    "",
    ...prose,
    "",
  ].join("\n");
}

/** A folder with a document "Title N" for each of these numbers. */
export function folderWith(...numbers: readonly number[]): TemporaryFolder {
  const folder = new TemporaryFolder();
  for (const number of numbers) {
    folder.write(`rfc${number}.txt`, documentText(number, `Title ${number}`));
  }
  return folder;
}
