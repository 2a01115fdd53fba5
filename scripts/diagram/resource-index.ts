import type { Inputs, Resource } from "../../local/engine/resource";

/** Output properties by which other resources refer to one, or that begin what they refer to it by. */
const addresses = ["arn", "executionArn", "streamArn", "url"];

/** Types that are a part of another resource → the property that holds the other's id. */
const wholes: Readonly<Record<string, { readonly type: string; readonly property: string }>> = {
  "aws:apigatewayv2/stage:Stage": { type: "aws:apigatewayv2/api:Api", property: "apiId" },
  "aws:cognito/userPoolClient:UserPoolClient": {
    type: "aws:cognito/userPool:UserPool",
    property: "userPoolId",
  },
};

/** The inputs of a resource, by its Pulumi argument type. */
export function inputsOf<Args>(resource: Resource): Partial<Inputs<Args>> {
  return resource.inputs as Partial<Inputs<Args>>;
}

/** Finds resources by how others refer to them. */
export class ResourceIndex {
  private readonly byUrn: ReadonlyMap<string, Resource>;
  private readonly byAddress = new Map<string, Resource>();

  constructor(readonly resources: readonly Resource[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      for (const property of addresses) {
        const address = resource.outputs[property];
        // An ARN among the inputs, such as that of an EventBridge target, is another resource's.
        if (typeof address === "string" && resource.inputs[property] === undefined) {
          this.byAddress.set(address, resource);
        }
      }
    }
  }

  /** From the resource's parent up to the stack. */
  ancestors({ parent }: Resource): Resource[] {
    const found = parent === undefined ? undefined : this.byUrn.get(parent);
    return found ? [found, ...this.ancestors(found)] : [];
  }

  /** The resource that has the ARN or URL, or of which it names a part, such as an index of a table. */
  at(address: unknown): Resource | undefined {
    if (typeof address !== "string" || address === "") {
      return undefined;
    }
    return (
      this.byAddress.get(address) ?? this.at(address.slice(0, Math.max(address.search(/[:/][^:/]*$/), 0)))
    );
  }

  /** The resource of a type that has the id, name, ARN or URL. */
  find(type: string, reference: unknown): Resource | undefined {
    return this.resources.find(
      (resource) =>
        resource.type === type &&
        typeof reference === "string" &&
        [resource.id, resource.outputs.name, resource.outputs.arn, resource.outputs.url].includes(reference),
    );
  }

  /** The resources behind the value of a property, parts replaced by their whole. */
  behind({ propertyDependencies }: Resource, property: string): Resource[] {
    return (propertyDependencies[property] ?? []).flatMap((urn) => {
      const resource = this.byUrn.get(urn);
      const whole = resource && wholes[resource.type];
      return (whole ? this.find(whole.type, resource.inputs[whole.property]) : resource) ?? [];
    });
  }
}
