import type { Graph } from "./graph";

/** What a graph shows, in a sentence: `7 Lambda functions, 1 DynamoDB table, …`. */
export function summaryOf({ nodes }: Graph): string {
  const counts = new Map<string, number>();
  for (const { kind } of nodes) {
    counts.set(kind.label, (counts.get(kind.label) ?? 0) + 1);
  }
  const parts = [...counts]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([label, count]) => `${count} ${count === 1 ? label : plural(label)}`);
  return `${parts.join(", ")}: drawn from the program's own resources.`;
}

const plural = (label: string) => `${label}${/(s|x|ch|sh)$/.test(label) ? "es" : "s"}`;
