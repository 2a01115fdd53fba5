import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk.bundled.js";
import type { GraphEdge, GraphNode } from "./graph";
import { metrics, type PlacedEdge, type PlacedLabel, type PlacedNode, type Point } from "./picture";
import { shortened, widthOf } from "./text";

/** An edge of which one end is in the group, and the side of the group where it leaves or arrives. */
export interface OuterEdge {
  readonly edge: GraphEdge;
  readonly inside: GraphNode;
  readonly side: "WEST" | "EAST";
}

export interface GroupContent {
  readonly nodes: readonly GraphNode[];
  readonly inner: readonly GraphEdge[];
  readonly outer: readonly OuterEdge[];
  /** Of the nodes, those drawn below the card of another: queue id → card id. */
  readonly chips: ReadonlyMap<string, string>;
  /** All edges of the graph that end at a node of the group. */
  readonly incoming: readonly (GraphEdge & { readonly source: GraphNode })[];
}

/** A group laid out by itself, from its own upper left corner. */
export interface LaidGroup {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly inner: readonly PlacedEdge[];
  /** Points run from the edge's beginning to its end, as far as they are in the group. */
  readonly outer: readonly (OuterEdge & PlacedEdge)[];
}

const { card, chip, label: labelMetrics, groupPadding, groupTitle } = metrics;
const textInset = card.inset + card.icon + 8;
const narrowestCard = 112;
const widestText = 132;
const mostLabelLines = 4;
const widestLabel = 150;

const options = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.padding": `[top=${groupTitle},left=${groupPadding},bottom=${groupPadding},right=${groupPadding}]`,
  "elk.portConstraints": "FIXED_SIDE",
  "elk.spacing.nodeNode": "14",
  "elk.spacing.edgeNode": "14",
  "elk.spacing.edgeEdge": "10",
  "elk.spacing.portPort": "16",
  "elk.layered.spacing.nodeNodeBetweenLayers": "14",
  "elk.layered.spacing.edgeNodeBetweenLayers": "10",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
};

/** Lays out a group from left to right: what arrives at its left, what it sends away leaves at its right. */
export async function layOutGroup(content: GroupContent): Promise<LaidGroup> {
  const cards = content.nodes.filter(({ id }) => !content.chips.has(id)).map((node) => cardOf(node, content));
  const isLabelled = (edge: GraphEdge) =>
    !content.incoming.some(
      ({ from, to, source }) => from === edge.from && to === edge.to && source.kind.labelsAtTarget,
    );
  const edges = content.inner
    .filter(({ to }) => !content.chips.has(to))
    .map((edge, i) => ({
      edge,
      elk: elkEdge(`inner ${i}`, edge, east(edge.from), west(edge.to), isLabelled(edge)),
    }));
  const outer = content.outer.map((outerEdge, i) => {
    const { edge, inside, side } = outerEdge;
    const port = `port ${i}`;
    const [from, to] = side === "WEST" ? [port, west(inside.id)] : [east(inside.id), port];
    // An edge between two groups has its label where it arrives.
    const hasLabel = (edge.to === inside.id || side === "EAST") && isLabelled(edge);
    return { ...outerEdge, port, elk: elkEdge(`outer ${i}`, edge, from, to, hasLabel) };
  });
  const group: ElkNode = {
    id: "group",
    layoutOptions: options,
    ports: outer.map(({ port, side }) => ({ id: port, layoutOptions: { "elk.port.side": side } })),
    children: cards.map(({ elk }) => elk),
    edges: [...edges.map(({ elk }) => elk), ...outer.map(({ elk }) => elk)],
  };

  const root = await new ELK().layout({ id: "root", layoutOptions: options, children: [group] });

  const laid = root.children?.[0] ?? group;
  const laidNodes = new Map(laid.children?.map((node) => [node.id, node]));
  const laidEdges = new Map(laid.edges?.map((edge) => [edge.id, edge]));
  const nodes = cards.flatMap(({ place }) => place(laidNodes));
  return {
    width: laid.width ?? 0,
    height: laid.height ?? 0,
    nodes,
    inner: [
      ...edges.map(({ edge, elk }) => placed(edge, laidEdges.get(elk.id))),
      ...content.inner.filter(({ to }) => content.chips.has(to)).map((edge) => chipEdge(edge, nodes)),
    ],
    outer: outer.map(({ edge, inside, side, elk }) => {
      const { points, label } = placed(edge, laidEdges.get(elk.id));
      const isReversed = (side === "WEST") === (edge.from === inside.id);
      return { edge, inside, side, label, points: isReversed ? [...points].reverse() : points };
    }),
  };
}

const west = (id: string) => `${id} west`;
const east = (id: string) => `${id} east`;

/** A node's card with the chips below it, as one shape for the layout. */
function cardOf(node: GraphNode, { nodes, chips, incoming }: GroupContent) {
  const routes = incoming.filter(({ to, source }) => to === node.id && source.kind.labelsAtTarget);
  const title = shortened(node.label, widestText, card.title);
  const signedIn = routes.length > 0 && routes.every((edge) => edge.signedIn);
  const detail = shortened(
    routes.length > 0 ? routes.flatMap(({ labels }) => labels).join(", ") : node.kind.label,
    widestText,
    card.detail,
  );
  const below = nodes
    .filter(({ id }) => chips.get(id) === node.id)
    .map((queue) => ({ queue, text: shortened(queue.label, widestText, chip.font) }));
  const chipWidth = (text: string) => chip.inset + widthOf(text, chip.font) + 8;
  const width = Math.ceil(
    Math.max(
      narrowestCard,
      textInset + widthOf(title, card.title) + 10,
      textInset + widthOf(detail, card.detail) + (signedIn ? card.lock : 0) + 10,
      ...below.map(({ text }) => chip.indent + chipWidth(text)),
    ),
  );
  const elk: ElkNode = {
    id: node.id,
    width,
    height: card.height + below.length * (chip.gap + chip.height),
    layoutOptions: { "elk.portConstraints": "FIXED_POS" },
    ports: [
      { id: west(node.id), x: 0, y: card.height / 2, layoutOptions: { "elk.port.side": "WEST" } },
      { id: east(node.id), x: width, y: card.height / 2, layoutOptions: { "elk.port.side": "EAST" } },
    ],
  };
  const place = (laid: ReadonlyMap<string, ElkNode>): PlacedNode[] => {
    const { x = 0, y = 0 } = laid.get(node.id) ?? {};
    return [
      { shape: "card", node, title, detail, signedIn, x, y, width, height: card.height },
      ...below.map(
        ({ queue, text }, i): PlacedNode => ({
          shape: "chip",
          node: queue,
          title: text,
          x: x + chip.indent,
          y: y + card.height + chip.gap + i * (chip.gap + chip.height),
          width: Math.ceil(chipWidth(text)),
          height: chip.height,
        }),
      ),
    ];
  };
  return { elk, place };
}

function elkEdge(id: string, edge: GraphEdge, from: string, to: string, hasLabel: boolean): ElkExtendedEdge {
  const lines = hasLabel ? linesOf(edge) : [];
  return {
    id,
    sources: [from],
    targets: [to],
    labels:
      lines.length === 0
        ? []
        : [
            {
              text: lines.join("\n"),
              width:
                Math.ceil(Math.max(...lines.map((line) => widthOf(line, labelMetrics.font)))) +
                2 * labelMetrics.padding,
              height: lines.length * labelMetrics.line + labelMetrics.padding,
              layoutOptions: { "elk.edgeLabels.inline": "true", "elk.edgeLabels.placement": "CENTER" },
            },
          ],
  };
}

/** The labels, one a line, the last of many cut short. */
function linesOf({ labels }: GraphEdge): string[] {
  const shown = labels.length > mostLabelLines ? labels.slice(0, mostLabelLines - 1) : labels;
  const rest = labels.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].map((line) =>
    shortened(line, widestLabel, labelMetrics.font),
  );
}

function placed(edge: GraphEdge, laid: ElkExtendedEdge | undefined): PlacedEdge {
  const points = (laid?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
  const label = laid?.labels?.map(
    ({ text = "", x = 0, y = 0, width = 0, height = 0 }): PlacedLabel => ({
      lines: text.split("\n"),
      x,
      y,
      width,
      height,
    }),
  )[0];
  return { edge, points, label };
}

/** From the lower left of a card down to its chip. */
function chipEdge(edge: GraphEdge, nodes: readonly PlacedNode[]): PlacedEdge {
  const [from, to] = [edge.from, edge.to].map((id) => nodes.find(({ node }) => node.id === id));
  if (!from || !to) {
    return { edge, points: [] };
  }
  const x = from.x + chip.indent / 2;
  const y = to.y + to.height / 2;
  const points: Point[] = [
    { x, y: from.y + from.height },
    { x, y },
    { x: to.x, y },
  ];
  return { edge, points };
}
