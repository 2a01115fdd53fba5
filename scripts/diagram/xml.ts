const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Markup that is written as it is. */
export interface Markup {
  readonly xml: string;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; strings among its children are text, numbers are written with at most one decimal. */
export function element(
  name: string,
  attributes: Attributes,
  ...children: readonly (Markup | string)[]
): Markup {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escaped(String(value))}"`)
    .join("");
  const content = children.map((child) => (typeof child === "string" ? escaped(child) : child.xml)).join("");
  return { xml: content === "" ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>` };
}

/** To one decimal: finer than a reader sees, and short. */
export const round = (value: number): number => Math.round(value * 10) / 10;

const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => entities[letter] ?? letter);
