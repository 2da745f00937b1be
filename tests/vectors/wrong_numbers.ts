/**
 * Texts that are no number of any kind in either protocol, though a careless reader takes some for one.
 * @module
 */

/** Those that can stand as a word of a line. */
export const wrongNumberWords: readonly string[] = [
  "-1",
  "-0",
  "+1",
  "1.0",
  "1.",
  ".5",
  "1e3",
  "1E3",
  "0x1f",
  "0b1",
  "0o7",
  "1_000",
  "1,000",
  "7n",
  "NaN",
  "Infinity",
  "12a",
  "a12",
  "٣", // Arabic-Indic
  "３", // full width
  "99999999999999999999",
];

/** Those and others that are empty or have white space. */
export const wrongNumbers: readonly string[] = [
  ...wrongNumberWords,
  "",
  " ",
  " 7",
  "7 ",
  "\t7",
  "7\n",
  "1 2",
];
