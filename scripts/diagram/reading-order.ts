import { compare, type Graph, type GraphGroup, type GraphNode } from "./graph";

/** The nodes drawn as rails. One that is linked with another such would need an edge between rails: it is no rail. */
export function railsOf({ nodes, edges }: Graph): GraphNode[] {
  const candidates = nodes.filter(({ kind }) => kind.rail);
  const ids = new Set(candidates.map(({ id }) => id));
  return candidates.filter(
    ({ id }) =>
      !edges.some((edge) => (edge.from === id && ids.has(edge.to)) || (edge.to === id && ids.has(edge.from))),
  );
}

/**
 * Groups with nodes of their own, those that lead to others before these: first what leads to most, then what
 * leads to rails. Those that own a rail come last.
 */
export function inReadingOrder({ groups, nodes, edges }: Graph, rails: readonly GraphNode[]): GraphGroup[] {
  const groupOf = new Map(nodes.map(({ id, group }) => [id, group]));
  const railIds = new Set(rails.map(({ id }) => id));
  const crossing = edges
    .filter(({ from, to }) => !railIds.has(from) && !railIds.has(to))
    .map(({ from, to }) => ({ from: groupOf.get(from), to: groupOf.get(to) }))
    .filter(({ from, to }) => from !== to);
  const ranks = (group: GraphGroup, waiting: readonly GraphGroup[]) => [
    rails.some((rail) => rail.group === group.id) ? 1 : 0,
    crossing.some(({ from, to }) => to === group.id && waiting.some(({ id }) => id === from)) ? 1 : 0,
    -crossing.filter(({ from }) => from === group.id).length,
    edges.some(({ from, to }) => groupOf.get(from) === group.id && railIds.has(to)) ? 0 : 1,
  ];
  const ordered: GraphGroup[] = [];
  let waiting = groups.filter(({ id }) => nodes.some((node) => node.group === id && !railIds.has(node.id)));
  while (waiting.length > 0) {
    const [next, ...others] = waiting
      .map((group) => ({ group, rank: ranks(group, waiting) }))
      .sort((a, b) => compareRanks(a.rank, b.rank) || compare(a.group.label, b.group.label))
      .map(({ group }) => group);
    ordered.push(...(next ? [next] : []));
    waiting = others;
  }
  return ordered;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((rank, at) => rank !== b[at]);
  return (a[i] ?? 0) - (b[i] ?? 0);
}
