import type { Resource } from "../engine/resource";
import { parseArn } from "./arn";
import type { Graph } from "./graph";
import { holderOf, type Need } from "./needs/need";
import type { Decision, Policies } from "./policies";
import type { Unmet } from "./policy";

/** Something that AWS would refuse while the program runs. */
export interface Finding {
  /** The resource that would not work, its logical name and Pulumi type. */
  readonly urn: string;
  readonly name: string;
  readonly type: string;
  /** What is wrong. */
  readonly problem: string;
  /** What to do about it. */
  readonly fix: string;
}

/** The words for one refusal, as a person writes them in a program. */
interface Words {
  /** Logical name of the role or resource that refuses. */
  readonly holder: string;
  readonly actions: string;
  readonly resource: string;
  readonly principal: string;
  readonly sourceArn: string;
  /** Logical names of the policies that could allow it. */
  readonly policies: string;
}

interface Wording {
  readonly problem: (words: Words) => string;
  readonly fix: (words: Words) => string;
}

/** The wording where the policy of a resource has to allow it through one Pulumi type. */
function ofPolicy(noun: string, policyType: string): Wording {
  return {
    problem: ({ holder, actions, principal }) =>
      `${noun} ${holder} does not accept ${actions} from ${principal}`,
    fix: ({ holder, actions, principal, sourceArn, resource }) =>
      `Add to the ${policyType} of ${holder} a statement that allows ${actions} on ${resource} ` +
      `to principal ${principal} with the condition ArnEquals aws:SourceArn ${sourceArn}.`,
  };
}

const ofRole: Wording = {
  problem: ({ holder, actions, resource }) => `Role ${holder} does not allow ${actions} on ${resource}`,
  fix: ({ holder, actions, resource, policies }) =>
    `Add to ${policies || `an aws.iam.RolePolicy of ${holder}`} a statement that allows ${actions} on ${resource}.`,
};

/** Service of the resource whose policy has to allow it → wording. */
const wordings: Readonly<Record<string, Wording>> = {
  iam: {
    problem: ({ holder, principal }) => `Role ${holder} may not be taken by ${principal}`,
    fix: ({ holder, actions, principal }) =>
      `Add to the assumeRolePolicy of ${holder} a statement that allows ${actions} to principal ${principal}.`,
  },
  lambda: {
    problem: ({ holder, principal }) => `Function ${holder} may not be invoked by ${principal}`,
    fix: ({ actions, principal, sourceArn, resource }) =>
      `Add an aws.lambda.Permission with action ${actions}, function ${resource}, principal ${principal} ` +
      `and sourceArn ${sourceArn}.`,
  },
  logs: ofPolicy("Log group", "aws.cloudwatch.LogResourcePolicy"),
  sns: ofPolicy("Topic", "aws.sns.TopicPolicy"),
  sqs: ofPolicy("Queue", "aws.sqs.QueuePolicy"),
};

/** The finding about a need of the resource, if the policies of its graph do not allow all the actions. */
export function report(resource: Resource, need: Need, policies: Policies, graph: Graph): Finding[] {
  const refused = need.actions
    .map((action) => ({ action, ...policies.decide(need, action) }))
    .filter(({ allowed }) => !allowed);
  const [first] = refused;
  if (!first) {
    return [];
  }
  const holder = holderOf(need);
  const service = parseArn(holder)?.service ?? "";
  const wording = "role" in need.of ? ofRole : (wordings[service] ?? ofPolicy("Resource", "policy"));
  const actions = refused.map(({ action }) => action);
  const words = {
    holder: graph.withArn(holder)?.name ?? holder,
    actions: listed(actions, "and"),
    resource: graph.readable(need.resource),
    principal: need.principal ?? "",
    // A wildcard covers whatever API Gateway has in the place of a path parameter.
    sourceArn: graph.readable((need.sourceArn ?? "").replace(/\{[^}]+\}/g, "*")),
    policies: listed(first.policies, "or"),
  };
  const { urn, name, type } = resource;
  const problem = `${wording.problem(words)}, although ${need.because}${details(refused, graph)}.`;
  const denied = [...new Set(refused.flatMap(({ denials }) => denials))];
  const fix = denied.length > 0 ? `Narrow what ${listed(denied, "and")} denies.` : wording.fix(words);
  return [{ urn, name, type, problem, fix }];
}

/** What stands in the way although there is a statement about it. */
function details(refused: readonly Decision[], graph: Graph): string {
  const all = refused.flatMap(({ denials, nearMisses }) => [
    ...denials.map((name) => `${name} denies it`),
    ...nearMisses.map(({ name, conditions }) => {
      const wanted = conditions.map((condition) => inWords(condition, graph));
      return `${name} allows it only with ${wanted.join(" and ")}`;
    }),
  ]);
  return [...new Set(all)].map((detail) => `; ${detail}`).join("");
}

function inWords({ condition: { operator, key, values }, actual }: Unmet, graph: Graph): string {
  const wanted = values.map((value) => graph.readable(value)).join(" or ");
  const here = actual === undefined ? "which cannot be judged here" : `here it is ${graph.readable(actual)}`;
  return `${operator} ${key} ${wanted} (${here})`;
}

/** `a, b and c` */
function listed(words: readonly string[], last: "and" | "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
