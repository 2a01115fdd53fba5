import { parseArn } from "./arn";
import { type Grant, grantsOf, type PolicyKind } from "./grants";
import type { Graph } from "./graph";
import { holderOf, type Need } from "./needs/need";
import { evaluate, type Request, type Verdict } from "./policy";

export interface Decision extends Verdict {
  /** Logical names of the policies that decide. */
  readonly policies: readonly string[];
}

/** Every policy of a graph, to ask whether together they allow what is needed. */
export class Policies {
  private readonly grants: readonly Grant[];

  constructor(private readonly graph: Graph) {
    this.grants = graph.resources.flatMap((resource) => grantsOf(resource, graph));
  }

  /** Whether one action of a need is allowed. Roles and resources outside the graph are not known: they allow all. */
  decide(need: Need, action: string): Decision {
    const holder = holderOf(need);
    if (!this.graph.withArn(holder)) {
      return { allowed: true, denials: [], nearMisses: [], policies: [] };
    }
    const request: Request = {
      action,
      resource: need.resource,
      principal: need.principal ?? holder,
      context: contextOf(need, holder),
    };
    if ("policyOf" in need.of) {
      return decided(this.of("resource", holder), request);
    }
    const own = this.of("role", holder);
    // Within an account, the policy of the resource can allow what the role's own do not.
    const all = [...own, ...this.of("resource", need.resource)];
    const { allowed, denials } = decided(all, request);
    const decision = { ...decided(own, request), allowed, denials };
    const boundary = this.of("boundary", holder);
    return decision.allowed && boundary.length > 0 ? decided(boundary, request) : decision;
  }

  private of(kind: PolicyKind, holder: string): Grant[] {
    return this.grants.filter((grant) => grant.kind === kind && [holder, "*"].includes(grant.holder));
  }
}

function decided(grants: readonly Grant[], request: Request): Decision {
  const sources = grants.flatMap(({ name, statements }) =>
    statements.map((statement) => ({ name, statement })),
  );
  return { ...evaluate(sources, request), policies: [...new Set(grants.map(({ name }) => name))] };
}

/** What a call carries besides its action and resource. */
function contextOf({ principal, sourceArn, context }: Need, holder: string): Record<string, string> {
  const common = { "aws:securetransport": "true", ...context };
  if (principal === undefined) {
    return common;
  }
  // A bucket's ARN has no account; what it notifies is in the same.
  const account = parseArn(sourceArn ?? "")?.account || parseArn(holder)?.account;
  return {
    ...common,
    ...(account && { "aws:sourceaccount": account }),
    ...(sourceArn && { "aws:sourcearn": sourceArn }),
  };
}
