import * as fc from "fast-check";
import { html, htmlOf, paragraphs } from "../../../handlers/mail-text";

/** What a reader sees of markup: without tags, entities resolved. */
const seen = (markup: string) =>
  markup
    .replace(/<br>/g, "\n")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

test("values are escaped, markup and lists of it are not", () => {
  const item = html`<li title="${'"'}">${"a < b"}</li>`;

  expect(html`<ul>${[item, html`<li>${"&amp;'"}</li>`]}</ul>`.markup).toBe(
    '<ul><li title="&quot;">a &lt; b</li><li>&amp;amp;&#39;</li></ul>',
  );
  expect(html`<b>${""}</b>${item}`.markup).toBe('<b></b><li title="&quot;">a &lt; b</li>');
});

test("a blank line begins a paragraph, a line end stays one", () => {
  expect(paragraphs("one\ntwo\r\n\r\nthree\n \n\n\nfour").map(({ markup }) => markup)).toEqual([
    "<p>one<br>two</p>",
    "<p>three</p>",
    "<p>four</p>",
  ]);
});

test("whatever the text, the page has no other tags, and shows every word of it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom("\n", "\n\n", "<script>", "&lt;", "</p>", '"'))),
      (parts) => {
        const text = parts.join("");

        const page = htmlOf(text);

        const tags = new Set(page.match(/<[^>]*>/g));
        for (const known of ["<!doctype html>", "<html>", "<head>", '<meta charset="utf-8">', "</head>"]) {
          tags.delete(known);
        }
        for (const known of ["<body>", "</body>", "</html>", "<p>", "</p>", "<br>"]) {
          tags.delete(known);
        }
        expect([...tags]).toEqual([]);
        const words = (of: string) => of.replace(/\s+/g, "");
        expect(words(seen(page))).toBe(words(text));
      },
    ),
  );
});
