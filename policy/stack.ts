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
 */
export function referred<R extends Resource>(
  { resource }: Found<Resource>,
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
  return nearest(resource.propertyDependencies[property] ?? [], candidates);
}

const identifiers = ["arn", "id", "name", "url", "streamArn"];

/** Whether a reference means the resource itself, or a part of it: a version of a function, a table's stream. */
function names(reference: string, props: object): boolean {
  const owned = new Map(identifiers.map((key) => [key, known(() => Reflect.get(props, key))] as const));
  if ([...owned.values()].includes(reference)) return true;
  const arn = owned.get("arn");
  return typeof arn === "string" && (reference.startsWith(`${arn}:`) || reference.startsWith(`${arn}/`));
}

/** The one candidate with the fewest dependencies in between: an alias leads to its function. */
function nearest<R extends Resource>(
  dependencies: readonly PolicyResource[],
  candidates: readonly Found<R>[],
): Found<R> | undefined {
  const seen = new Set<PolicyResource>();
  for (let level = [...dependencies]; level.length > 0; ) {
    const reached = candidates.filter(({ resource }) => level.includes(resource));
    if (reached.length > 0) return reached.length === 1 ? reached[0] : undefined;
    for (const resource of level) seen.add(resource);
    level = level.flatMap(({ dependencies }) => dependencies).filter((resource) => !seen.has(resource));
  }
  return undefined;
}
