import type { Graph, GraphEdge, GraphGroup, GraphNode } from "./graph";

/** An edge of which one end is in the group, and the side of the group where it leaves or arrives. */
export interface OuterEdge {
  readonly edge: GraphEdge;
  readonly inside: GraphNode;
  readonly side: "WEST" | "EAST";
}

/** What is drawn in one group, and what leads into and out of it. */
export interface GroupContent {
  readonly nodes: readonly GraphNode[];
  readonly inner: readonly GraphEdge[];
  readonly outer: readonly OuterEdge[];
  /** Of the nodes, those drawn below the card of another: queue id → card id. */
  readonly chips: ReadonlyMap<string, string>;
  /** All edges of the graph that end at a node of the group. */
  readonly incoming: readonly (GraphEdge & { readonly source: GraphNode })[];
}

export function contentOf(
  group: GraphGroup,
  graph: Graph,
  nodes: ReadonlyMap<string, GraphNode>,
  rails: readonly GraphNode[],
): GroupContent {
  const own = graph.nodes.filter((node) => node.group === group.id && !rails.includes(node));
  const isOwn = (id: string) => own.some((node) => node.id === id);
  const isRail = (id: string) => rails.some((rail) => rail.id === id);
  return {
    nodes: own,
    inner: graph.edges.filter(({ from, to }) => isOwn(from) && isOwn(to)),
    outer: graph.edges.flatMap((edge): OuterEdge[] => {
      if (isOwn(edge.from) === isOwn(edge.to)) {
        return [];
      }
      const inside = nodes.get(isOwn(edge.from) ? edge.from : edge.to);
      return inside ? [{ edge, inside, side: isRail(edge.to) ? "EAST" : "WEST" }] : [];
    }),
    chips: chipsOf(own, graph.edges),
    incoming: graph.edges.flatMap((edge) => {
      const source = nodes.get(edge.from);
      return source && isOwn(edge.to) ? [{ ...edge, source }] : [];
    }),
  };
}

/** Queues that only take the failures of one node of the same group. */
function chipsOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Map<string, string> {
  const chips = new Map<string, string>();
  for (const { id } of nodes) {
    const [only, ...others] = edges.filter(({ from, to }) => from === id || to === id);
    const isChip = only?.kind === "failure" && only.to === id && others.length === 0;
    if (isChip && nodes.some((node) => node.id === only.from)) {
      chips.set(id, only.from);
    }
  }
  return chips;
}
