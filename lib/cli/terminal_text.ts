/**
 * Text of others on our terminal.
 * @module
 */

/** Text with every control character but line ends and tabs made visible, so that nobody's title moves the cursor. */
export function visible(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(
      /[\p{Cc}\p{Bidi_Control}]/gu,
      (character) =>
        character === "\n" || character === "\t"
          ? character
          : `\\x${character.codePointAt(0)!.toString(16).padStart(2, "0")}`,
    );
}
