/**
 * Writing SVG and HTML: elements as text, with everything that is not markup escaped.
 * @module
 */

/** Text that is markup already. */
export class Markup {
  /** `text` goes out as it is. */
  constructor(readonly text: string) {}
}

/** Attributes of an element; what is undefined is left out. Numbers are rounded to a tenth, which nobody sees. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** What an element may hold; strings are escaped. */
export type Content = Markup | string | readonly Content[];

/** An element. */
export function element(name: string, attributes: Attributes, ...content: Content[]): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(format(value!))}"`)
    .join("");
  const inner = contentText(content);
  return new Markup(
    inner === "" ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`,
  );
}

/** Content as markup. */
export function contentText(content: Content): string {
  if (content instanceof Markup) return content.text;
  return typeof content === "string" ? escape(content) : content.map(contentText).join("");
}

function format(value: string | number): string {
  return typeof value === "string" ? value : String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
