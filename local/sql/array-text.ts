/** A part of an array's text: in quotes, plain, or what begins and ends an array. */
const part = /"((?:[^"\\]|\\.)*)"|([^{},"]+)|[{}]/gs;

/** The elements of an array as PostgreSQL writes it, `{1,"a b",NULL}`; undefined when it has more than one dimension. */
export function elementsOf(text: string): (string | null)[] | undefined {
  // Bounds that do not begin with 1 stand before it: `[0:1]={1,2}`.
  const parts = text.slice(text.indexOf("{") + 1, -1).matchAll(part);
  const elements: (string | null)[] = [];
  for (const [whole, quoted, plain] of parts) {
    if (whole === "{" || whole === "}") {
      return undefined;
    }
    elements.push(plain === "NULL" ? null : (plain ?? quoted?.replace(/\\(.)/gs, "$1") ?? ""));
  }
  return elements;
}
