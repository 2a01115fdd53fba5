import type { Properties, Resource } from "../../../local/engine/resource";

/** A deployed resource, as completions see it. */
export function resource(type: string, id: string, inputs: Properties, outputs: Properties = {}): Resource {
  return {
    urn: `urn:pulumi:dev::test::${type}::${id}`,
    type,
    name: id,
    custom: true,
    parent: undefined,
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    id,
    inputs,
    outputs: { ...inputs, ...outputs },
  };
}
