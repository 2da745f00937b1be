/**
 * Puts the title an RFC prints into the form its catalogue entry has.
 *
 * The form aimed at is that of the RFC Editor's records. What they made of the printed titles
 * changed with the years:
 *
 * - Up to the middle of 1991 they follow the rules of library catalogues: small letters but for
 *   names, no article in front, a colon before a subtitle. "A TCP/IP Tutorial" is recorded as
 *   "TCP/IP tutorial".
 * - Up to 1998 they keep what is printed, except that a title in capitals throughout gets a
 *   capital at the head of each main word instead.
 * - Since then they keep what is printed.
 *
 * Which words are names stands in no list here. The document tells: a word that its own prose has
 * in small letters is a common one, a word that the prose always capitalises is a name. The
 * cataloguers were less consistent than any rule: of the records up to the middle of 1991, two in
 * five differ from what comes out here, most of them in the case of a letter.
 *
 * @module
 */

/** The RFC from which on most records have capitals on all main words (mid-1991). */
const firstInTitleCase = 1237;

/** The RFC from which on the records keep even a title in capitals (1998). */
const firstKeptAsPrinted = 2400;

/** What the prose of a document tells about its words. */
interface Usage {
  /** The words that occur in small letters. */
  readonly common: ReadonlySet<string>;
  /** The words that occur with capitals: from their small letters to the spelling met first. */
  readonly capitalised: ReadonlyMap<string, string>;
  /** The names of several words that have an abbreviation: "Internet Activities Board (IAB)". */
  readonly abbreviated: ReadonlySet<string>;
}

/**
 * Puts a title into the form of the RFC Editor's records, as far as the document tells it.
 *
 * @param printed The title as printed, with a line feed between its lines.
 * @param number The number of the RFC; without one, the title stays as printed.
 * @param paragraphs The beginning of the document: the evidence for what is a name.
 * @returns The title; it may have lost an article and gained a colon, its line feeds stay.
 */
export function toCatalogueForm(
  printed: string,
  number: number | undefined,
  paragraphs: readonly string[],
): string {
  if (number === undefined || number >= firstKeptAsPrinted) return printed;
  if (number < firstInTitleCase) {
    return toSentenceCase(dropArticle(markSubtitle(printed)), readUsage(paragraphs));
  }
  return isShouted(printed) ? toTitleCase(printed, readUsage(paragraphs)) : printed;
}

// --- 1. The title ----------------------------------------------------------------------------

const anyWord = /[\p{L}\p{M}\p{N}'+]+/gu;

/** The words that title case leaves in small letters. */
const functionWords = "an?|and|as|at|by|for|from|in|of|on|or|over|the|to|with";
const functionWord = new RegExp(`^(?:${functionWords})$`, "i");

/** A line that opens with "A" or "Version 2", or ends with a date, as that of a workshop. */
const subtitle = /^(?:An? [A-Z]|(?:Version|VERSION) \d|.* \d[\d-]*, 19\d\d$)/;

/** Puts a colon before each line that is a subtitle. */
function markSubtitle(title: string): string {
  const lines = title.replace(/ -+ (?=version \d)/i, "\n").split("\n");
  return lines.reduce((head, line) => {
    const isOpen = /[-/:,]$/.test(head) || functionWord.test(head.split(/\s/).at(-1) ?? "");
    return head + (subtitle.test(line) && !isOpen ? ":\n" : "\n") + line;
  });
}

function dropArticle(title: string): string {
  return title.replace(/^(?:an?|the)\s+/i, "");
}

/** Gives capitals to names and to the head of the title or subtitle. */
function toSentenceCase(title: string, usage: Usage): string {
  const names = findNames(title, usage);
  const isInName = (offset: number) =>
    names.some(({ index, 0: name }) => index <= offset && offset < index + name.length);
  return capitalise(title, usage, isInName);
}

/** Gives capitals to all words but the function words inside the title. */
function toTitleCase(title: string, usage: Usage): string {
  return capitalise(title, usage, () => true);
}

/** Spells the names as they are and the other words with or without a capital, as told. */
function capitalise(
  title: string,
  usage: Usage,
  isCapitalised: (offset: number) => boolean,
): string {
  const shouts = isShouted(title);
  return title.replace(anyWord, (word: string, offset: number) => {
    const spelling = spellingOf(word, shouts, usage);
    if (spelling !== undefined) return spelling;
    const isHead = /(?:^|:\s)[^\p{L}\p{N}]*$/u.test(title.slice(0, offset));
    const isCapital = isHead || isCapitalised(offset) && !functionWord.test(word);
    return (isCapital ? word.charAt(0).toUpperCase() : word.charAt(0).toLowerCase()) +
      word.slice(1).toLowerCase();
  });
}

/** Tells whether a title is set in capitals throughout; one word alone may be an abbreviation. */
function isShouted(title: string): boolean {
  const words = title.match(anyWord)?.filter((word) => /\p{L}{2}/u.test(word)) ?? [];
  return words.length > 1 && !words.some((word) => /^\p{L}[\p{Ll}']+$/u.test(word));
}

// --- 2. The names in it ----------------------------------------------------------------------

/**
 * "Host Access Protocol": capitalised words that lead up to "Protocol" name one, except behind
 * "a", where they tell a kind of protocol.
 */
const protocolName = new RegExp(
  [
    String.raw`(?<kind>\b(?i:an?)\s)?`,
    String.raw`(?:\b(?!(?i:${functionWords})\s)[A-Z][\w'+-]*\s)+`,
    String.raw`(?:Protocol|PROTOCOL)\b`,
  ].join(""),
  "g",
);

/** Finds the names of several words, wherever they stand in the title. */
function findNames(title: string, { abbreviated }: Usage): RegExpExecArray[] {
  const protocols = [...title.matchAll(protocolName)].filter(({ groups }) => !groups?.kind);
  const patterns = [...abbreviated]
    .map((name) => new RegExp(String.raw`\b${name.replaceAll(" ", String.raw`[\s-]`)}\b`, "gi"));
  return [...protocols, ...patterns.flatMap((pattern) => [...title.matchAll(pattern)])];
}

/** Gives the spelling of a word that keeps it in any style; `undefined` for a common word. */
function spellingOf(word: string, shouts: boolean, usage: Usage): string | undefined {
  const isPrintedSo = !shouts || /\p{Ll}/u.test(word); // "NetBIOS" tells, even among capitals
  if (isPrintedSo && /\d|.[A-Z]/.test(word)) return word;

  const key = word.toLowerCase();
  const name = usage.common.has(key) ? undefined : usage.capitalised.get(key);
  return isPrintedSo && name !== undefined ? word : name;
}

// --- 3. The prose ----------------------------------------------------------------------------

function readUsage(paragraphs: readonly string[]): Usage {
  const common = new Set<string>();
  const capitalised = new Map<string, string>();
  for (const { word, isInSentence } of paragraphs.filter(isProse).flatMap(readWords)) {
    const key = word.toLowerCase();
    if (word === key) common.add(key);
    else if (!capitalised.has(key) && (isInSentence || /.[A-Z]/.test(word))) {
      capitalised.set(key, word);
    }
  }
  return { common, capitalised, abbreviated: new Set(paragraphs.flatMap(findAbbreviated)) };
}

/** Tells running text from headers, headings and tables, which capitalise as they like. */
function isProse(paragraph: string): boolean {
  const words = paragraph.match(/[A-Za-z]+/g) ?? [];
  const inSmallLetters = words.filter((word) => /^[a-z]/.test(word));
  return words.length >= 8 && inSmallLetters.length >= words.length / 2;
}

/** Gives each word, and whether it follows one in small letters, so that it starts no sentence. */
function readWords(paragraph: string): { word: string; isInSentence: boolean }[] {
  let end = 0;
  let isAfterCommon = false;
  return [...paragraph.matchAll(/[A-Za-z0-9'+]+/g)].map(({ 0: word, index }) => {
    const isInSentence = isAfterCommon && !/[.:;?!]/.test(paragraph.slice(end, index));
    end = index + word.length;
    isAfterCommon = /^[a-z]/.test(word);
    return { word, isInSentence };
  });
}

/** Finds the names whose initials follow them in brackets. */
function findAbbreviated(paragraph: string): string[] {
  const candidates = paragraph.matchAll(/\b((?:[A-Za-z]\w*[\s-]+){2,8})\(([A-Z]{2,8})\)/g);
  return [...candidates].flatMap(([, before = "", abbreviation]) => {
    const words = before.trim().split(/[\s-]+/);
    const names = words.map((_, start) => words.slice(start));
    return names.filter((name) => initialsOf(name) === abbreviation).map((name) => name.join(" "));
  });
}

function initialsOf(words: readonly string[]): string {
  return words.filter((word) => !functionWord.test(word)).map((word) => word[0]).join("");
}
