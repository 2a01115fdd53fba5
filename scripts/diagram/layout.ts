import type { Graph, GraphEdge, GraphNode } from "./graph";
import { contentOf } from "./group-content";
import { type LaidGroup, layOutGroup } from "./group-layout";
import { metrics, type Picture, type PlacedEdge, type PlacedNode, type Point, type Rail } from "./picture";
import { inReadingOrder, railsOf } from "./reading-order";
import { shortened } from "./text";

const { margin, header, legend, groupGap, gutter, track, rail: railMetrics } = metrics;

/**
 * Places a graph: groups below each other, each laid out from left to right, with the event buses as rails
 * around them. Events leave a group at its right and come back at its left.
 */
export async function layOut(graph: Graph): Promise<Picture> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const rails = railsOf(graph);
  const groups = inReadingOrder(graph, rails);
  const contents = groups.map((group) => contentOf(group, graph, nodes, rails));
  const laid = await Promise.all(contents.map(layOutGroup));

  const railWidth = rails.length * (railMetrics.thickness + railMetrics.gap);
  const tracks = tracksOf(graph, nodes, rails);
  const left =
    margin + railWidth + (rails.length > 0 || tracks.length > 0 ? gutter + tracks.length * track : 0);
  const rightGutter = rails.length > 0 ? gutter : 0;
  const boxWidth = Math.max(
    metrics.width - left - rightGutter - railWidth - margin,
    ...laid.map(({ width }) => width),
  );
  const right = left + boxWidth;
  const width = right + rightGutter + railWidth + margin;

  let y = header;
  const boxes = groups.map((group, i) => {
    const height = laid[i]?.height ?? 0;
    const box = { group, x: left, y, width: boxWidth, height };
    y += height + groupGap;
    return box;
  });
  const placedRails = rails.map((node, i): PlacedNode & { shape: "rail" } => {
    const offset = i * (railMetrics.thickness + railMetrics.gap);
    const bottom = y + railWidth - railMetrics.gap - offset;
    const rail: Rail = {
      left: margin + offset,
      right: width - margin - offset,
      top: header,
      bottom,
      thickness: railMetrics.thickness,
    };
    const title = shortened(`${node.label} · ${node.kind.label}`, (right - left) / 2, railMetrics.font);
    const { thickness } = rail;
    const box = { x: left, y: bottom - thickness, width: right - left, height: thickness };
    return { shape: "rail", node, title, rail, ...box };
  });

  const placedNodes = laid.flatMap((group, i) => group.nodes.map((node) => moved(node, boxes[i])));
  const inner = laid.flatMap((group, i) => group.inner.map((edge) => movedEdge(edge, boxes[i])));
  const outer = joined(laid.flatMap((group, i) => group.outer.map((edge) => movedEdge(edge, boxes[i]))));
  const crossing = [...outer].map(([edge, ends]): PlacedEdge => {
    const points = ends.flatMap((end) => end.points);
    const label = ends.find((end) => end.label)?.label;
    const at = (id: string) => placedRails.find(({ node }) => node.id === id)?.rail;
    const [from, to] = [at(edge.from), at(edge.to)];
    const [first, last] = [points[0], points.at(-1)];
    if (from && first) {
      return { edge, label, points: straight([{ x: from.left + from.thickness, y: first.y }, ...points]) };
    }
    if (to && last) {
      return { edge, label, points: straight([...points, { x: to.right - to.thickness, y: last.y }]) };
    }
    const x = left - gutter / 2 - tracks.indexOf(edge.from) * track;
    const [leaves, arrives] = ends.map((end) => end.points);
    const turns = [leaves?.at(-1), arrives?.[0]].map((point) => ({ x, y: point?.y ?? 0 }));
    return { edge, label, points: straight([...(leaves ?? []), ...turns, ...(arrives ?? [])]) };
  });

  return {
    width,
    height: y + railWidth + legend + margin,
    groups: boxes,
    nodes: [...placedNodes, ...placedRails],
    edges: [...inner, ...crossing],
  };
}

/** Nodes from which edges go to other groups: each has a line of its own beside the groups. */
function tracksOf(
  { edges }: Graph,
  nodes: ReadonlyMap<string, GraphNode>,
  rails: readonly GraphNode[],
): string[] {
  const isRail = (id: string) => rails.some((rail) => rail.id === id);
  const crossing = edges.filter(
    ({ from, to }) => !isRail(from) && !isRail(to) && nodes.get(from)?.group !== nodes.get(to)?.group,
  );
  return [...new Set(crossing.map(({ from }) => from))];
}

/** The one or two parts of each edge that crosses the border of a group, in the edge's direction. */
function joined(parts: readonly LaidGroup["outer"][number][]): Map<GraphEdge, PlacedEdge[]> {
  const ends = new Map<GraphEdge, PlacedEdge[]>();
  for (const part of parts) {
    const others = ends.get(part.edge) ?? [];
    ends.set(part.edge, part.inside.id === part.edge.from ? [part, ...others] : [...others, part]);
  }
  return ends;
}

function moved<T extends Point>(shape: T, by: Point | undefined): T {
  return { ...shape, x: shape.x + (by?.x ?? 0), y: shape.y + (by?.y ?? 0) };
}

function movedEdge<T extends PlacedEdge>(edge: T, by: Point | undefined): T {
  return {
    ...edge,
    points: edge.points.map((point) => moved(point, by)),
    label: edge.label && moved(edge.label, by),
  };
}

/** Without points that lie between their neighbours on one line. */
function straight(points: readonly Point[]): Point[] {
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    return !(
      before &&
      after &&
      ((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y))
    );
  });
}
