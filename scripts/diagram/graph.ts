import type { Resource } from "../../local/engine/resource";
import { grants } from "./grants";
import { type Kind, kindOf } from "./kinds";
import { type Link, type LinkKind, permissionLink, readers } from "./links";
import { ResourceIndex } from "./resource-index";

export interface GraphNode {
  /** The resource's URN. */
  readonly id: string;
  /** The resource's logical name. */
  readonly name: string;
  /** The name without what its ancestors' names already say. */
  readonly label: string;
  readonly kind: Kind;
  /** Id of its group. */
  readonly group: string;
}

export interface GraphEdge {
  /** Id of a node. */
  readonly from: string;
  readonly to: string;
  readonly kind: LinkKind;
  /** Routes, event patterns or actions, in alphabetical order. */
  readonly labels: readonly string[];
  readonly signedIn: boolean;
}

/** A component of the stack, such as a service, with all that it is made of. */
export interface GraphGroup {
  readonly id: string;
  readonly label: string;
  /** What it is, by the area in its type token: `service`, `identity`. */
  readonly area: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly groups: readonly GraphGroup[];
}

/**
 * The resources that matter to a reader, and what the others say of them. Everything is in alphabetical order,
 * since a program registers its resources in no fixed one.
 */
export function graphOf(resources: readonly Resource[]): Graph {
  const index = new ResourceIndex(resources);
  const groups = new Map<string, GraphGroup>();
  const nodes = resources.flatMap((resource): GraphNode[] => {
    const kind = kindOf(resource, index);
    if (!kind) {
      return [];
    }
    const group = groupOf(resource, index);
    groups.set(group.id, group);
    return [
      { id: resource.urn, name: resource.name, label: labelOf(resource, index), kind, group: group.id },
    ];
  });
  return {
    nodes: nodes.sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id)),
    edges: edgesOf(linksOf(index), new Set(nodes.map(({ id }) => id))),
    groups: [...groups.values()].sort((a, b) => compare(a.label, b.label) || compare(a.id, b.id)),
  };
}

function linksOf(index: ResourceIndex): Link[] {
  const links = index.resources.flatMap((resource) => readers[resource.type]?.(resource, index) ?? []);
  const permitted = index.resources
    .filter(({ type }) => type === "aws:lambda/permission:Permission")
    .map((permission) => permissionLink(permission, index))
    .filter(({ from, to }) => !links.some((link) => link.from === from && link.to === to));
  const known = [...links, ...permitted];
  return [...known, ...grants(index, known)];
}

/** One edge for all links of a kind between two nodes. */
function edgesOf(links: readonly Link[], drawn: ReadonlySet<string>): GraphEdge[] {
  const edges = new Map<string, GraphEdge>();
  for (const { from, to, kind, label, signedIn = false } of links) {
    if (!from || !to || from === to || !drawn.has(from.urn) || !drawn.has(to.urn)) {
      continue;
    }
    const key = JSON.stringify([from.urn, to.urn, kind]);
    const before = edges.get(key);
    const labels = new Set([...(before?.labels ?? []), ...(label ? [label] : [])]);
    edges.set(key, {
      from: from.urn,
      to: to.urn,
      kind,
      labels: [...labels].sort(compare),
      signedIn: signedIn && (before?.signedIn ?? true),
    });
  }
  return [...edges].sort(([a], [b]) => compare(a, b)).map(([, edge]) => edge);
}

/** The outermost component around the resource; a resource without any is in a group of the stack's. */
function groupOf(resource: Resource, index: ResourceIndex): GraphGroup {
  const ancestors = index.ancestors(resource);
  const outermost = ancestors.findLast(({ type }) => type !== "pulumi:pulumi:Stack") ?? ancestors.at(-1);
  return outermost
    ? { id: outermost.urn, label: outermost.name, area: outermost.type.split(":")[1] ?? "" }
    : { id: "", label: "stack", area: "" };
}

/** `photos-api-publish-photo` of the component `photos-api` → `publish-photo` */
function labelOf(resource: Resource, index: ResourceIndex): string {
  const { name } = resource;
  const prefix = index
    .ancestors(resource)
    .map((ancestor) => `${ancestor.name}-`)
    .find((candidate) => name.startsWith(candidate));
  return prefix === undefined ? name : name.slice(prefix.length);
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
