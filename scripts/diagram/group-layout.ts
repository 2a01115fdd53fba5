import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk.bundled.js";
import { cardsOf, chipEdge, east, west } from "./cards";
import type { GraphEdge, GraphNode } from "./graph";
import type { GroupContent, OuterEdge } from "./group-content";
import { metrics, type PlacedEdge, type PlacedLabel, type PlacedNode } from "./picture";
import { shortened, widthOf } from "./text";

/** A group laid out by itself, from its own upper left corner. */
export interface LaidGroup {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly inner: readonly PlacedEdge[];
  /** Points run from the edge's beginning to its end, as far as they are in the group. */
  readonly outer: readonly (OuterEdge & PlacedEdge)[];
}

const { label: labelMetrics, groupPadding, groupTitle } = metrics;
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
  const { chips } = content;
  const cards = cardsOf(content);
  const inner = content.inner
    .filter(({ to }) => !chips.has(to))
    .map((edge, i) => ({
      edge,
      elk: elkEdge(`inner ${i}`, linesOf(edge, content), east(edge.from), west(edge.to)),
    }));
  const outer = bundles(content).map((bundle, i) => {
    const port = `port ${i}`;
    const { inside, side } = bundle;
    const [from, to] = side === "WEST" ? [port, west(inside.id)] : [east(inside.id), port];
    return { ...bundle, port, elk: elkEdge(`outer ${i}`, bundle.lines, from, to) };
  });
  const group: ElkNode = {
    id: "group",
    layoutOptions: options,
    ports: outer.map(({ port, side }) => ({ id: port, layoutOptions: { "elk.port.side": side } })),
    children: cards.map(({ elk }) => elk),
    edges: [...inner.map(({ elk }) => elk), ...outer.map(({ elk }) => elk)],
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
      ...inner.map(({ edge, elk }) => ({ edge, ...routeOf(laidEdges.get(elk.id)) })),
      ...content.inner.filter(({ to }) => chips.has(to)).map((edge) => chipEdge(edge, nodes)),
    ],
    outer: outer.flatMap(({ edges, inside, side, elk }) => {
      const { points, label } = routeOf(laidEdges.get(elk.id));
      return edges.map((edge, i) => {
        const isReversed = (side === "WEST") === (edge.from === inside.id);
        const directed = isReversed ? [...points].reverse() : points;
        return { edge, inside, side, points: directed, label: i === 0 ? label : undefined };
      });
    }),
  };
}

/** Edges that leave or arrive at one node in one way: they share a line up to the border of the group. */
interface Bundle {
  readonly edges: GraphEdge[];
  readonly inside: GraphNode;
  readonly side: OuterEdge["side"];
  readonly lines: readonly string[];
}

function bundles(content: GroupContent): Bundle[] {
  const found = new Map<string, Bundle>();
  for (const { edge, inside, side } of content.outer) {
    const isArrival = edge.to === inside.id;
    // An edge between two groups has its label where it arrives.
    const lines = isArrival || side === "EAST" ? linesOf(edge, content) : [];
    const key = JSON.stringify([inside.id, side, isArrival, edge.kind, lines]);
    const bundle = found.get(key) ?? { edges: [], inside, side, lines };
    bundle.edges.push(edge);
    found.set(key, bundle);
  }
  return [...found.values()];
}

function elkEdge(id: string, lines: readonly string[], from: string, to: string): ElkExtendedEdge {
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

/** An edge's labels, one a line, the last of many left out; none where they are on the target's card. */
function linesOf(edge: GraphEdge, { incoming }: GroupContent): string[] {
  const source = incoming.find(({ from, to }) => from === edge.from && to === edge.to)?.source;
  const labels = source?.kind.labelsAtTarget ? [] : edge.labels;
  const shown = labels.length > mostLabelLines ? labels.slice(0, mostLabelLines - 1) : labels;
  const rest = labels.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].map((line) =>
    shortened(line, widestLabel, labelMetrics.font),
  );
}

function routeOf(laid: ElkExtendedEdge | undefined): Pick<PlacedEdge, "points" | "label"> {
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
  return { points, label };
}
