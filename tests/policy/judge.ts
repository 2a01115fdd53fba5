import {
  type PolicyResource,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";
import type { Resource } from "@pulumi/pulumi";
import { unknownValue } from "@pulumi/pulumi/runtime";
import type { ExemptionConfig } from "../../policy/exemption";
import type { ResourceClass } from "../../policy/stack";

/** What stands in a preview for a value that only the update will know. */
export const unknown = unknownValue;

/** The properties of a type, all optional, any of which a preview may not know. */
type Props<Args> = { readonly [key in keyof NonNullable<Args>]?: unknown };

/** What a rule says about one resource, as the engine would ask it before the resource is made. */
export function judge<R extends Resource, Args>(
  { validateResource }: ResourceValidationPolicy,
  type: ResourceClass<R, Args>,
  props: Props<Args>,
  config: ExemptionConfig = {},
): string[] {
  const messages: string[] = [];
  const resource = given(type, "subject", props);
  for (const validate of [validateResource].flat()) {
    validate?.(
      {
        ...resource,
        asType: (asked) => (resource.isType(asked) ? resource.props : undefined) as never,
        stackTags: new Map(),
        getConfig: <T>() => config as T,
        notApplicable: neverAsked,
      },
      (message) => messages.push(message),
    );
  }
  return messages;
}

/** What a rule says about a stack: messages by the name of the resource they are about. */
export function judgeStack(
  { validateStack }: StackValidationPolicy,
  resources: PolicyResource[],
  config: ExemptionConfig = {},
): Record<string, string[]> {
  const messages: Record<string, string[]> = {};
  validateStack(
    { resources, stackTags: new Map(), getConfig: <T>() => config as T, notApplicable: neverAsked },
    (message, urn) => {
      const name = resources.find((resource) => resource.urn === urn)?.name ?? "the stack";
      messages[name] = [...(messages[name] ?? []), message];
    },
  );
  return messages;
}

/** A resource of a stack; `dependencies` are by property. */
export function given<R extends Resource, Args>(
  type: ResourceClass<R, Args>,
  name: string,
  props: Props<Args> & { arn?: string; id?: string; url?: string; streamArn?: string },
  dependencies: Record<string, PolicyResource[]> = {},
): PolicyResource {
  const token = tokenOf(type);
  const known = unknownCheckingProxy({ ...props });
  return {
    type: token,
    name,
    urn: `urn:pulumi:test::gallery::${token}::${name}`,
    props: known,
    opts: {
      protect: false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    dependencies: Object.values(dependencies).flat(),
    propertyDependencies: dependencies,
    isType: (asked) => tokenOf(asked) === token,
    asType: (asked: object) => (tokenOf(asked) === token ? known : undefined),
  };
}

const tokenOf = (type: object) => String(Reflect.get(type, "__pulumiType"));

function neverAsked(): never {
  throw new Error("A rule of this pack leaves it to the engine what it applies to.");
}
