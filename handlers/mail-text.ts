/** Text of HTML that stands in a page as it is. */
export interface Markup {
  readonly markup: string;
}

/** HTML of a template: its values are escaped, unless they are markup themselves. */
export function html(
  texts: readonly string[],
  ...values: readonly (string | Markup | readonly Markup[])[]
): Markup {
  const parts = texts.map((text, index) => {
    const value = values[index - 1];
    return value === undefined ? text : markupOf(value) + text;
  });
  return { markup: parts.join("") };
}

/** Blank lines begin a paragraph, line ends stay line ends. */
export function paragraphs(text: string): Markup[] {
  return text
    .split(/\r?\n[^\S\n]*\r?\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "")
    .map((paragraph) => {
      const [first = "", ...others] = paragraph.split(/\r?\n/);
      return html`<p>${first}${others.map((line) => html`<br>${line}`)}</p>`;
    });
}

/** The page of a mail that says this text. */
export function htmlOf(text: string): string {
  return html`<!doctype html><html><head><meta charset="utf-8"></head><body>${paragraphs(text)}</body></html>`
    .markup;
}

function markupOf(value: string | Markup | readonly Markup[]): string {
  if (typeof value === "string") {
    return escaped(value);
  }
  return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
}

/** Harmless between tags and in quoted attributes. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
