import type { Graph, GraphNode } from "./graph";

/** How many of its most frequent kinds a caption counts. */
const kindsInCaption = 4;

/** What a graph shows, in a line. */
export function captionOf({ nodes }: Graph): string {
  const counts = [...byKind(nodes)]
    .map(([label, { length }]) => ({ label, count: length }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
  const counted = counts.slice(0, kindsInCaption);
  const rest = nodes.length - counted.reduce((sum, { count }) => sum + count, 0);
  const parts = [...counted, ...(rest > 0 ? [{ label: "other resource", count: rest }] : [])];
  return `${parts.map(({ label, count }) => `${count} ${count === 1 ? label : plural(label)}`).join(", ")}: drawn from the program itself`;
}

/** What a graph shows, group by group. */
export function descriptionOf({ nodes, groups }: Graph): string {
  return groups
    .map(({ id, label, area }) => {
      const kinds = [...byKind(nodes.filter(({ group }) => group === id))];
      const list = kinds.map(
        ([kind, members]) =>
          `${members.length === 1 ? kind : plural(kind)} ${members.map((node) => node.label).join(", ")}`,
      );
      return `${[label, area].join(" ").trim()}: ${list.join("; ")}.`;
    })
    .join(" ");
}

function byKind(nodes: readonly GraphNode[]): Map<string, GraphNode[]> {
  const kinds = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    kinds.set(node.kind.label, [...(kinds.get(node.kind.label) ?? []), node]);
  }
  return kinds;
}

const plural = (label: string) => `${label}${/(s|x|ch|sh)$/.test(label) ? "es" : "s"}`;
