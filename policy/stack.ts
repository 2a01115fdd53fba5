import type { PolicyResource } from "@pulumi/policy";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";
import type { ResolvedResource } from "@pulumi/pulumi/queryable";
import { known, unknown } from "./known";

/** A resource of the stack with the properties of its type. */
export interface Found<R extends Resource> {
  readonly resource: PolicyResource;
  readonly props: ResolvedResource<R>;
}

/** A class of resources with its argument type. */
export type ResourceClass<R extends Resource, Args> = new (
  name: string,
  args: Args,
  options?: CustomResourceOptions,
) => R;

/** The resources of one type. */
export function ofType<R extends Resource, Args>(
  stack: readonly PolicyResource[],
  type: ResourceClass<R, Args>,
): Found<R>[] {
  return stack.flatMap((resource) => {
    const props = resource.asType(type);
    return props ? [{ resource, props }] : [];
  });
}

/**
 * The candidate that a property refers to: by its value, or in a preview which does not know the value by what
 * the property depends on.
 *
 * @param value reads the name, ARN or URL, which may be nested in the property.
 * @param candidates all of their type: of what else the property depends on, the nearest counts.
 */
export function referred<R extends Resource>(
  from: Found<Resource>,
  property: string,
  value: () => unknown,
  candidates: readonly Found<R>[],
): Found<R> | undefined {
  const reference = known(value);
  if (reference !== unknown) {
    return typeof reference === "string"
      ? candidates.find(({ props }) => names(reference, props))
      : undefined;
  }
  const resource = nearest(
    from.resource,
    property,
    candidates.map(({ resource }) => resource),
  );
  return candidates.find((candidate) => candidate.resource === resource);
}

/** Whether a property refers to a resource, by its value or by what it depends on; see `referred`. */
export function refersTo(
  from: Found<Resource>,
  property: string,
  value: () => unknown,
  to: Found<Resource>,
  stack: readonly PolicyResource[],
): boolean {
  const reference = known(value);
  if (reference !== unknown) return typeof reference === "string" && names(reference, to.props);
  return nearest(from.resource, property, alike(to, stack)) === to.resource;
}

/**
 * Those which refer to a resource by a property, such as the policies of a queue by `queueUrl`.
 *
 * @throws UnknownValueError, which ends a rule in silence, when none does as far as a preview can tell, and it
 * cannot tell what one of them refers to.
 */
export function referrers<R extends Resource>(
  to: Found<Resource>,
  stack: readonly PolicyResource[],
  candidates: readonly Found<R>[],
  property: string,
  value: (candidate: Found<R>) => unknown,
): Found<R>[] {
  const found = candidates.filter((from) => refersTo(from, property, () => value(from), to, stack));
  if (found.length > 0) return found;
  for (const candidate of candidates) {
    if (!nearest(candidate.resource, property, alike(to, stack))) value(candidate);
  }
  return [];
}

const identifiers = ["arn", "bucket", "clusterIdentifier", "id", "name", "url", "streamArn"];

/** Whether a reference means the resource itself, or a part of it: a version of a function, a table's stream. */
function names(reference: string, props: object): boolean {
  const owned = new Map(identifiers.map((key) => [key, known(() => Reflect.get(props, key))] as const));
  if ([...owned.values()].includes(reference)) return true;
  const arn = owned.get("arn");
  return typeof arn === "string" && (reference.startsWith(`${arn}:`) || reference.startsWith(`${arn}/`));
}

const alike = ({ resource: { type } }: Found<Resource>, stack: readonly PolicyResource[]) =>
  stack.filter((other) => other.type === type);

/** The one candidate with the fewest dependencies in between: an alias leads to its function. */
function nearest(
  from: PolicyResource,
  property: string,
  candidates: readonly PolicyResource[],
): PolicyResource | undefined {
  const seen = new Set<PolicyResource>();
  for (let level = [...(from.propertyDependencies[property] ?? [])]; level.length > 0; ) {
    const reached = candidates.filter((resource) => level.includes(resource));
    if (reached.length > 0) return reached.length === 1 ? reached[0] : undefined;
    for (const resource of level) seen.add(resource);
    level = level.flatMap(({ dependencies }) => dependencies).filter((resource) => !seen.has(resource));
  }
  return undefined;
}
