import { parseArn } from "./arn";
import { grantsOf, type PolicyKind } from "./grants";
import type { Graph } from "./graph";
import { holderOf, type Need } from "./needs/need";
import { evaluate, type Request, type Source, type Verdict } from "./policy";

export interface Decision extends Verdict {
  /** Logical names of the policies that decide. */
  readonly policies: readonly string[];
}

/** What one policy says of its holder. */
interface Said {
  readonly name: string;
  readonly sources: readonly Source[];
}

/** Every policy of a graph, to ask whether together they allow what is needed. */
export class Policies {
  /** By kind and holder. */
  private readonly said = new Map<string, Said[]>();

  constructor(private readonly graph: Graph) {
    const grants = graph.resources.flatMap((resource) => grantsOf(resource, graph));
    for (const { kind, holder, name, statements } of grants) {
      const key = keyOf(kind, holder);
      const known = this.said.get(key) ?? [];
      known.push({ name, sources: statements.map((statement) => ({ name, statement })) });
      this.said.set(key, known);
    }
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
    const ofRole = decided(own, request);
    // Within an account, the policy of the resource can allow what the role's own do not.
    const theirs = this.of("resource", need.resource);
    const { allowed, denials } = theirs.length === 0 ? ofRole : decided([...own, ...theirs], request);
    const decision = { ...ofRole, allowed, denials };
    const boundary = this.of("boundary", holder);
    return decision.allowed && boundary.length > 0 ? decided(boundary, request) : decision;
  }

  private of(kind: PolicyKind, holder: string): readonly Said[] {
    const own = this.said.get(keyOf(kind, holder)) ?? [];
    const open = holder === "*" ? [] : (this.said.get(keyOf(kind, "*")) ?? []);
    return open.length === 0 ? own : [...own, ...open];
  }
}

const keyOf = (kind: PolicyKind, holder: string) => `${kind} ${holder}`;

function decided(said: readonly Said[], request: Request): Decision {
  const verdict = evaluate(
    said.flatMap(({ sources }) => sources),
    request,
  );
  return { ...verdict, policies: [...new Set(said.map(({ name }) => name))] };
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
