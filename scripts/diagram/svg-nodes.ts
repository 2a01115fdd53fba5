import { rounded } from "./path";
import { metrics, type PlacedNode, type Point } from "./picture";
import { border, faded, ink, linkStyles, paper, railBorder, railPaper, text } from "./style";
import { widthOf } from "./text";
import { element, type Markup, round } from "./xml";

/** A node with its logical name as tooltip. */
export function drawnNode(placed: PlacedNode): Markup {
  const { node } = placed;
  const tooltip = element("title", {}, `${node.name}: ${node.kind.label}`);
  switch (placed.shape) {
    case "card":
      return element("g", {}, tooltip, ...card(placed));
    case "chip":
      return element("g", {}, tooltip, ...chip(placed));
    case "rail":
      return element("g", {}, tooltip, ...railBand(placed));
  }
}

function card(placed: PlacedNode & { shape: "card" }): Markup[] {
  const { x, y, width, height, title, detail, signedIn } = placed;
  const { inset, icon, lock } = metrics.card;
  const left = x + inset + icon + 8;
  return [
    element("rect", { x, y, width, height, rx: 8, fill: paper, stroke: border }),
    ...tile({ x: x + inset, y: y + inset }, icon, placed),
    text(title, { x: left, y: y + 19 }, metrics.card.title, ink),
    ...(signedIn ? [padlock({ x: left, y: y + 25.5 })] : []),
    text(detail, { x: left + (signedIn ? lock : 0), y: y + 34 }, metrics.card.detail, faded),
  ];
}

function chip(placed: PlacedNode & { shape: "chip" }): Markup[] {
  const { x, y, width, height, title } = placed;
  const { inset, font } = metrics.chip;
  return [
    element("rect", { x, y, width, height, rx: height / 2, fill: "#fdf0f0", stroke: "#e6a3a3" }),
    icon({ x: x + 6, y: y + 3 }, 14, placed.node.kind.icon, linkStyles.failure.colour, 1.9),
    text(title, { x: x + inset, y: y + 13.5 }, font, ink),
  ];
}

/** The band, and which way things move on it. */
function railBand(placed: PlacedNode & { shape: "rail" }): Markup[] {
  const { node, title, rail } = placed;
  const { left, right, top, bottom, thickness } = rail;
  const band: Point[] = [
    { x: right - thickness, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
    { x: left, y: top },
    { x: left + thickness, y: top },
    { x: left + thickness, y: bottom - thickness },
    { x: right - thickness, y: bottom - thickness },
  ];
  const { font } = metrics.rail;
  const textWidth = widthOf(title, font);
  const middle = (left + right) / 2;
  const centre = bottom - thickness / 2;
  const size = 20;
  const start = middle - (textWidth + size + 8) / 2;
  const chevron = (x: number, y: number, turn: number) =>
    element("path", {
      d: "M-3 -4 L2 0 L-3 4",
      transform: `translate(${round(x)} ${round(y)}) rotate(${turn})`,
      fill: "none",
      stroke: node.kind.colour,
      "stroke-width": 1.5,
      "stroke-opacity": 0.6,
    });
  const steps = (from: number, to: number) =>
    Array.from({ length: Math.max(Math.floor((to - from) / 90), 0) }, (_, i) => from + 45 + i * 90);
  return [
    element("path", {
      d: rounded(band, 10, true),
      fill: railPaper,
      stroke: railBorder,
    }),
    ...steps(top, bottom - thickness).flatMap((y) => [
      chevron(right - thickness / 2, y, 90),
      chevron(left + thickness / 2, y, -90),
    ]),
    ...steps(left + thickness, right - thickness)
      .filter((x) => x < start - 20 || x > start + textWidth + size + 28)
      .map((x) => chevron(x, centre, 180)),
    icon({ x: start, y: centre - size / 2 }, size, node.kind.icon, node.kind.colour, 1.6),
    text(title, { x: start + size + 8, y: centre + 4 }, font, node.kind.colour),
  ];
}

/** A coloured square with the icon of the node's kind. */
function tile(at: Point, size: number, { node }: PlacedNode): Markup[] {
  return [
    element("rect", { ...at, width: size, height: size, rx: 6, fill: node.kind.colour }),
    icon({ x: at.x + 4, y: at.y + 4 }, size - 8, node.kind.icon, paper, 1.6),
  ];
}

function icon({ x, y }: Point, size: number, d: string, colour: string, strokeWidth: number): Markup {
  return element("path", {
    d,
    transform: `translate(${round(x)} ${round(y)}) scale(${size / 20})`,
    fill: "none",
    stroke: colour,
    "stroke-width": strokeWidth,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
}

function padlock({ x, y }: Point): Markup {
  return element(
    "g",
    { transform: `translate(${round(x)} ${round(y)})`, fill: "none", stroke: faded },
    element("path", { d: "M1.5 4.5 H8.5 V9.5 H1.5 Z", fill: faded }),
    element("path", { d: "M3 4.5 V3 a2 2 0 0 1 4 0 V4.5", "stroke-width": 1.3 }),
  );
}
