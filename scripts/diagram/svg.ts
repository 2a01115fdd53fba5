import type { LinkKind } from "./links";
import { rounded } from "./path";
import { metrics, type Picture, type PlacedEdge, type PlacedGroup } from "./picture";
import { border, faded, groupPaper, ink, linkKinds, linkStyles, paper, text } from "./style";
import { drawnNode } from "./svg-nodes";
import { type Font, shortened, widthOf } from "./text";
import { element, type Markup, round } from "./xml";

const cornerRadius = 6;

/** What is said of the picture as a whole. */
export interface Titles {
  readonly title: string;
  /** A line below the title. */
  readonly caption: string;
  /** The picture in words, for those who do not see it. */
  readonly description: string;
}

const captionFont: Font = { size: 12 };

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
  const font: Font = { size: 13, bold: true };
  const baseline = box.y + 22;
  return element(
    "g",
    {},
    element("rect", { ...box, rx: 10, fill: groupPaper, stroke: border }),
    text(group.label, { x: box.x + groupPadding, y: baseline }, font, ink),
    text(
      group.area,
      { x: box.x + groupPadding + widthOf(group.label, font) + 8, y: baseline },
      { size: 11 },
      faded,
    ),
  );
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
