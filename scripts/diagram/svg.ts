import type { LinkKind } from "./links";
import {
  metrics,
  type Picture,
  type PlacedEdge,
  type PlacedGroup,
  type PlacedNode,
  type Point,
} from "./picture";
import { type Font, shortened, widthOf } from "./text";
import { element, type Markup, round } from "./xml";

const ink = "#1c2430";
const faded = "#5b6676";
const paper = "#ffffff";
const groupPaper = "#f5f7fa";
const border = "#d5dbe3";
const railPaper = "#fce7f1";
const railBorder = "#eaaac8";
const cornerRadius = 6;

export interface Titles {
  readonly title: string;
  /** A line below the title. */
  readonly caption: string;
  /** The picture in words, for those who do not see it. */
  readonly description: string;
}

const captionFont: Font = { size: 12 };

interface LinkStyle {
  readonly colour: string;
  readonly dashes?: string;
  readonly meaning: string;
}

const linkStyles: Readonly<Record<LinkKind, LinkStyle>> = {
  invoke: { colour: "#3c4859", meaning: "invokes or hands on" },
  call: { colour: "#2f55d4", meaning: "may call, by its inferred role" },
  trust: { colour: "#7b6a9c", dashes: "2 3", meaning: "issues the tokens for" },
  failure: { colour: "#c62828", dashes: "5 3", meaning: "failures, to a dead-letter queue" },
};
const linkKinds = Object.keys(linkStyles) as LinkKind[];

/** The picture as an SVG file; the same picture gives the same bytes. */
export function svgOf(picture: Picture, { title, caption, description }: Titles): string {
  const { width, height, groups, nodes, edges } = picture;
  const cards = nodes.filter(({ shape }) => shape !== "rail");
  const rails = nodes.filter(({ shape }) => shape === "rail");
  const layers: Markup[] = [
    element("title", { id: "title" }, title),
    element("desc", { id: "description" }, description),
    element("defs", {}, ...linkKinds.map(arrowHead)),
    element("rect", {
      x: 0.5,
      y: 0.5,
      width: width - 1,
      height: height - 1,
      rx: 12,
      fill: paper,
      stroke: border,
    }),
    text(title, { x: metrics.margin, y: 34 }, { size: 20, bold: true }, ink),
    text(
      shortened(caption, width - 2 * metrics.margin, captionFont),
      { x: metrics.margin, y: 53 },
      captionFont,
      faded,
    ),
    ...rails.map(drawnNode),
    ...groups.map(drawnGroup),
    // Crossing lines: those that matter most lie on top.
    ...[...edges].sort((a, b) => rankOf(b) - rankOf(a)).map(drawnEdge),
    ...edges.flatMap(drawnLabel),
    ...cards.map(drawnNode),
    ...legend(width, height),
  ];
  const svg = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${round(width)} ${round(height)}`,
      role: "img",
      "aria-labelledby": "title description",
      // Two fonts of one width, of which every desktop has one: texts are as wide as the layout assumes.
      "font-family": "Verdana, DejaVu Sans, sans-serif",
    },
    ...layers.map(({ xml }) => ({ xml: `\n${xml}` })),
    { xml: "\n" },
  );
  return `${svg.xml}\n`;
}

const rankOf = ({ edge }: PlacedEdge) => linkKinds.indexOf(edge.kind);

function drawnGroup({ group, ...box }: PlacedGroup): Markup {
  const { groupPadding } = metrics;
  const area = group.area === "" ? "" : group.area;
  const font: Font = { size: 13, bold: true };
  const baseline = box.y + 22;
  return element(
    "g",
    {},
    element("rect", { ...box, rx: 10, fill: groupPaper, stroke: border }),
    text(group.label, { x: box.x + groupPadding, y: baseline }, font, ink),
    text(
      area,
      { x: box.x + groupPadding + widthOf(group.label, font) + 8, y: baseline },
      { size: 11 },
      faded,
    ),
  );
}

function drawnNode(placed: PlacedNode): Markup {
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
  const { x, y, width, height, node, title, detail, signedIn } = placed;
  const { inset, icon, lock } = metrics.card;
  const left = x + inset + icon + 8;
  return [
    element("rect", { x, y, width, height, rx: 8, fill: paper, stroke: border }),
    ...tile({ x: x + inset, y: y + inset }, icon, placed),
    text(title, { x: left, y: y + 19 }, metrics.card.title, ink),
    ...(signedIn ? [padlock({ x: left, y: y + 25.5 })] : []),
    text(detail, { x: left + (signedIn ? lock : 0), y: y + 34 }, metrics.card.detail, faded, node.name),
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

function drawnEdge({ edge, points }: PlacedEdge): Markup {
  const { colour, dashes } = linkStyles[edge.kind];
  return element("path", {
    d: rounded(points, cornerRadius),
    fill: "none",
    stroke: colour,
    "stroke-width": 1.4,
    "stroke-dasharray": dashes,
    "marker-end": `url(#${edge.kind})`,
  });
}

function drawnLabel({ edge, label }: PlacedEdge): Markup[] {
  if (!label) {
    return [];
  }
  const { x, y, width, height, lines } = label;
  const { line, padding, font } = metrics.label;
  return [
    element("rect", { x, y, width, height, fill: groupPaper }),
    ...lines.map((words, i) =>
      text(
        words,
        { x: x + width / 2, y: y + padding / 2 + (i + 1) * line - 3 },
        font,
        linkStyles[edge.kind].colour,
        edge.labels.join(", "),
        "middle",
      ),
    ),
  ];
}

function legend(width: number, height: number): Markup[] {
  const font: Font = { size: 11 };
  const line = 34;
  const gap = 26;
  const y = height - metrics.margin - 8;
  const widths = linkKinds.map((kind) => line + 8 + widthOf(linkStyles[kind].meaning, font) + gap);
  let x = (width - widths.reduce((sum, each) => sum + each, -gap)) / 2;
  return linkKinds.flatMap((kind, i) => {
    const { colour, dashes, meaning } = linkStyles[kind];
    const sample = element("path", {
      d: `M${round(x)} ${round(y)} H${round(x + line)}`,
      stroke: colour,
      "stroke-width": 1.4,
      "stroke-dasharray": dashes,
      "marker-end": `url(#${kind})`,
    });
    const words = text(meaning, { x: x + line + 8, y: y + 4 }, font, faded);
    x += widths[i] ?? 0;
    return [sample, words];
  });
}

function arrowHead(kind: LinkKind): Markup {
  return element(
    "marker",
    {
      id: kind,
      viewBox: "0 0 8 8",
      refX: 7.5,
      refY: 4,
      markerWidth: 7,
      markerHeight: 7,
      markerUnits: "userSpaceOnUse",
      orient: "auto",
    },
    element("path", { d: "M0 0.5 L8 4 L0 7.5 Z", fill: linkStyles[kind].colour }),
  );
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

function text(
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

/** A path through the points with rounded corners. */
function rounded(points: readonly Point[], radius: number, closed = false): string {
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  const count = points.length;
  const steps = points.map((point, i) => {
    const before = points[closed ? (i + count - 1) % count : i - 1];
    const after = points[closed ? (i + 1) % count : i + 1];
    if (!before || !after) {
      return i === 0 ? `M${at(point)}` : `L${at(point)}`;
    }
    const bend = Math.min(radius, distance(before, point) / 2, distance(point, after) / 2);
    const entry = towards(point, before, bend);
    return `${i === 0 ? "M" : "L"}${at(entry)} Q${at(point)} ${at(towards(point, after, bend))}`;
  });
  return steps.join(" ") + (closed ? " Z" : "");
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) / whole) * length, y: from.y + ((to.y - from.y) / whole) * length };
}
