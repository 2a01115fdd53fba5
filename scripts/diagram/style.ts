import type { LinkKind } from "./links";
import type { Point } from "./picture";
import type { Font } from "./text";
import { element, type Markup } from "./xml";

export const ink = "#1c2430";
export const faded = "#5b6676";
export const paper = "#ffffff";
export const groupPaper = "#f5f7fa";
export const border = "#d5dbe3";
export const railPaper = "#fce7f1";
export const railBorder = "#eaaac8";

/** How edges of a kind are drawn, and what the legend says of them. */
export interface LinkStyle {
  readonly colour: string;
  readonly dashes?: string;
  readonly meaning: string;
}

export const linkStyles: Readonly<Record<LinkKind, LinkStyle>> = {
  invoke: { colour: "#3c4859", meaning: "invokes or hands on" },
  call: { colour: "#2f55d4", meaning: "may call, by its inferred role" },
  trust: { colour: "#7b6a9c", dashes: "2 3", meaning: "issues the tokens for" },
  failure: { colour: "#c62828", dashes: "5 3", meaning: "failures, to a dead-letter queue" },
};
export const linkKinds = Object.keys(linkStyles) as LinkKind[];

/** A text from its baseline; `tooltip` is the whole of it where it is shortened. */
export function text(
  content: string,
  { x, y }: Point,
  { size, bold }: Font,
  colour: string,
  tooltip?: string,
  anchor?: "middle",
): Markup {
  const hover = tooltip === undefined || tooltip === content ? [] : [element("title", {}, tooltip)];
  return element(
    "text",
    { x, y, "font-size": size, "font-weight": bold ? 600 : undefined, fill: colour, "text-anchor": anchor },
    content,
    ...hover,
  );
}
