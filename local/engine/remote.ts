import type { Properties, Registration } from "./resource";

/** A resource that a component of a provider's plugin has made. */
export interface Made {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Properties;
}

/** A child of a remote component. */
export interface Child {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  /** Inputs that hold the id of another. @default none */
  readonly references?: Readonly<Record<string, Made>>;
  /** @default the component itself */
  readonly parent?: Made;
}

export type Make = (child: Child) => Promise<Made>;

/**
 * What a provider's plugin does to make a component, so that no plugin is needed here: makes the children and answers
 * the component's outputs, in which resources stand as `referenceTo` has them.
 */
export type Construct = (component: Registration, make: Make) => Promise<Properties>;

/** The key of a special object in Pulumi's properties, and its value for a resource. */
const signature = "4dabf18193072939515e22adb298388d";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

/** A resource as an output of another. */
export function referenceTo({ urn, id }: Made): Properties {
  return { [signature]: resourceSignature, urn, id, packageVersion: "" };
}

/** The registration of a component's child. */
export function childOf(
  component: Registration,
  { type, name, inputs, references = {}, parent = { ...component, id: "", outputs: {} } }: Child,
): Registration {
  const [prefix, qualified] = [parent.urn.split("::").slice(0, 2), parent.urn.split("::")[2]];
  const propertyDependencies = Object.fromEntries(
    Object.entries(references).map(([property, { urn }]) => [property, [urn]]),
  );
  const ids = Object.entries(references).map(([property, { id }]) => [property, id]);
  return {
    urn: [...prefix, `${qualified}$${type}`, name].join("::"),
    type,
    name,
    custom: true,
    parent: parent.urn,
    dependencies: [...new Set(Object.values(propertyDependencies).flat())],
    propertyDependencies,
    inputs: { ...inputs, ...Object.fromEntries(ids) },
    protect: component.protect,
  };
}
