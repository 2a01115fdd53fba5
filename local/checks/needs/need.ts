import type { Resource } from "../../engine/resource";
import { parseArn, unqualified } from "../arn";
import { type Graph, type Node, nodeOf } from "../graph";

/** What must be allowed so that a resource works. `*` in an ARN stands for whatever may be there. */
export interface Need {
  /** Who must allow it: the policies of a role, or the policy of the resource that is used. */
  readonly of: { readonly role: string } | { readonly policyOf: string };
  /** AWS service that acts in its own name or takes the role; absent, the role itself acts. */
  readonly principal?: string;
  readonly actions: readonly string[];
  /** ARN, or `*` for actions that have no resources. */
  readonly resource: string;
  /** ARN of what the service acts for: `aws:SourceArn`. */
  readonly sourceArn?: string;
  /** Values of further condition keys, in lower case. */
  readonly context?: Readonly<Record<string, string>>;
  /** A clause that says what comes of it, such as `rule uploads sends events to it`. */
  readonly because: string;
}

/** ARN of the role or resource whose policies decide. */
export function holderOf({ of }: Need): string {
  return "role" in of ? of.role : of.policyOf;
}

/** The needs of one resource. */
export type NeedsOf = (resource: Resource, graph: Graph) => readonly Need[];

/** Pulumi type token → needs, for the types of one AWS service. */
export type NeedsTable = Readonly<Record<string, NeedsOf>>;

/** Declares the needs of one resource type with typed inputs. */
export function needsOf<Args>(find: (node: Node<Args>, graph: Graph) => readonly Need[]): NeedsOf {
  return (resource, graph) => find(nodeOf(resource), graph);
}

/** An ARN that a plan may not know: then there is nothing to check. */
type Maybe = string | undefined;

/** The role's own policies must allow the actions. */
export function roleMay(role: Maybe, actions: readonly string[], resource: Maybe, because: string): Need[] {
  return role === undefined || resource === undefined ? [] : [{ of: { role }, actions, resource, because }];
}

/** The role's trust policy must let the service take the role. */
export function trusts(role: Maybe, principal: string, because: string, sourceArn?: string): Need[] {
  return role === undefined
    ? []
    : [
        {
          of: { policyOf: role },
          principal,
          actions: ["sts:AssumeRole"],
          resource: role,
          sourceArn,
          because,
        },
      ];
}

/** The resource's own policy must let the service act on it in the name of `sourceArn`. */
export function accepts(
  resource: Maybe,
  principal: string,
  actions: readonly string[],
  sourceArn: Maybe,
  because: string,
  context?: Need["context"],
): Need[] {
  if (resource === undefined || sourceArn === undefined) {
    return [];
  }
  // Versions and aliases have their part in the policy of the function.
  const policyOf = parseArn(resource)?.service === "lambda" ? unqualified(resource) : resource;
  return [{ of: { policyOf }, principal, actions, resource, sourceArn, context, because }];
}

/** The function's policy must let the service invoke it. */
export function invokes(functionArn: Maybe, principal: string, sourceArn: Maybe, because: string): Need[] {
  return accepts(functionArn, principal, ["lambda:InvokeFunction"], sourceArn, because);
}
