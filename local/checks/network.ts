import type * as aws from "@pulumi/aws";
import { type Grant, grantsOf } from "./grants";
import { arnOf, type Graph, isOpen, type Node } from "./graph";
import type { Finding } from "./report";

/** A resource that has an address in a network only. */
interface Server {
  readonly name: string;
  readonly arn: string | undefined;
  /** Undefined when a plan does not know them. */
  readonly groups: readonly string[] | undefined;
  readonly port: number;
  /** What a role must be allowed in order to use it. */
  readonly action: string;
}

type Rule = Node<aws.vpc.SecurityGroupIngressRuleArgs>;

const valkeyPort = 6379;

/**
 * Functions that may use a server and that no rule of a security group lets through to it, since the local cloud has
 * no network: there every function reaches every server.
 */
export function unreached(graph: Graph): Finding[] {
  const allowed = graph.resources.flatMap((resource) => grantsOf(resource, graph));
  const servers = graph
    .ofType<aws.elasticache.ServerlessCacheArgs>("aws:elasticache/serverlessCache:ServerlessCache")
    .map(
      (cache): Server => ({
        name: `cache ${cache.name}`,
        arn: arnOf(cache),
        groups: isOpen(cache.inputs, "securityGroupIds") ? undefined : cache.inputs.securityGroupIds,
        port: valkeyPort,
        action: "elasticache:Connect",
      }),
    );
  return graph
    .ofType<aws.lambda.FunctionArgs>("aws:lambda/function:Function")
    .flatMap((fn) =>
      servers
        .filter((server) => isGranted(fn, server, allowed))
        .flatMap((server) => obstacle(fn, server, graph)),
    );
}

/** Whether the function's role names the action on the server; what a plan does not know of the role says nothing. */
function isGranted(
  { inputs: { role } }: Node<aws.lambda.FunctionArgs>,
  { arn = "", action }: Server,
  allowed: readonly Grant[],
): boolean {
  return allowed
    .filter(({ kind, holder }) => kind === "role" && holder === role)
    .flatMap(({ statements }) => statements)
    .some(
      ({ effect, actions, resources }) =>
        effect === "Allow" &&
        !actions.inverted &&
        actions.patterns.includes(action) &&
        resources.patterns.includes(arn),
    );
}

function obstacle(fn: Node<aws.lambda.FunctionArgs>, server: Server, graph: Graph): Finding[] {
  const { vpcConfig = {} } = fn.inputs;
  const { urn, name, type } = fn;
  const found = (reason: string, fix: string): Finding[] => [
    { urn, name, type, problem: `Function ${name} may use ${server.name}, but ${reason}.`, fix },
  ];
  if (isOpen(fn.inputs, "vpcConfig") || isOpen(vpcConfig, "securityGroupIds") || !server.groups) {
    return [];
  }
  const clients = vpcConfig.securityGroupIds ?? [];
  if (clients.length === 0) {
    return found("is not in its network", `Give ${name} the subnets and a group of the clients.`);
  }
  const outward = rules(graph, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule");
  const inward = rules(graph, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
  const { port, groups } = server;
  const isLetOut = outward.some((rule) => leads(rule, clients, groups, port));
  const isLetIn = inward.some((rule) => leads(rule, groups, clients, port));
  if (isLetOut && isLetIn) {
    return [];
  }
  const missing = isLetOut ? "aws.vpc.SecurityGroupIngressRule" : "aws.vpc.SecurityGroupEgressRule";
  const side = isLetOut ? "in from there" : "out to there";
  return found(
    `no rule of a security group lets it ${side} at port ${port}`,
    `Add an ${missing} that names the group of the other side.`,
  );
}

const rules = (graph: Graph, type: string): readonly Rule[] => graph.ofType(type);

/** Whether a rule of one of the groups is about one of the others at the port. */
function leads(
  { inputs }: Rule,
  groups: readonly string[],
  others: readonly string[],
  port: number,
): boolean {
  const { securityGroupId = "", referencedSecurityGroupId = "", ipProtocol, fromPort, toPort } = inputs;
  const isAtPort =
    ipProtocol === "-1" ||
    (fromPort !== undefined && toPort !== undefined && fromPort <= port && port <= toPort);
  return groups.includes(securityGroupId) && others.includes(referencedSecurityGroupId) && isAtPort;
}
