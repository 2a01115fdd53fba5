import type { Resource } from "../../../local/engine/resource";
import { arn, bareFunction, logging, resource, role, rolePolicy, testNeeds } from "./graph-builder";

const cacheArn = arn("elasticache", "serverlesscache:views");
const logs = arn("logs", "log-group:/gallery/refused");
const place = arn("ec2", "");

const cache = resource(
  "aws:elasticache/serverlessCache:ServerlessCache",
  "views",
  { securityGroupIds: ["sg-server"] },
  { arn: cacheArn },
);

const attaching = [
  {
    Action: "ec2:CreateNetworkInterface",
    Resource: [`${place}network-interface/*`, `${place}subnet/s-1`, `${place}security-group/sg-clients`],
  },
  {
    Action: ["ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"],
    Resource: `${place}*/*`,
  },
  { Action: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], Resource: "*" },
  {
    Effect: "Deny" as const,
    Action: ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
    Resource: "*",
    Condition: { Null: { "lambda:SourceFunctionArn": "false" } },
  },
];

function reader(
  vpcConfig: object | undefined,
  ...statements: Parameters<typeof rolePolicy>[1][]
): Resource[] {
  return [
    cache,
    bareFunction("f", vpcConfig && { vpcConfig }),
    role("f-role", "lambda.amazonaws.com"),
    rolePolicy("f-role", logging("f"), { Action: "elasticache:Connect", Resource: cacheArn }, ...statements),
  ];
}
const inNetwork = { subnetIds: ["s-1"], securityGroupIds: ["sg-clients"] };

function rule(direction: "Ingress" | "Egress", from: string, to: string, port = 6379): Resource {
  return resource(
    `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    `${direction}-${port}`,
    {
      securityGroupId: from,
      referencedSecurityGroupId: to,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
    },
  );
}
const letOut = rule("Egress", "sg-clients", "sg-server");
const letIn = rule("Ingress", "sg-server", "sg-clients");
const attached = reader(inNetwork, ...attaching);

const writing = [
  "logs:CreateLogStream",
  "logs:DescribeLogGroups",
  "logs:DescribeLogStreams",
  "logs:PutLogEvents",
];
const flowLog = resource(
  "aws:ec2/flowLog:FlowLog",
  "refused",
  { logDestination: logs, iamRoleArn: "arn:aws:iam::000000000000:role/log-role" },
  { arn: arn("ec2", "vpc-flow-log/fl-1") },
);
const logRole = role("log-role", "vpc-flow-logs.amazonaws.com");

testNeeds([
  {
    need: "a function that may use a cache is in its network",
    met: [...attached, letOut, letIn],
    missed: [...reader(undefined), letOut, letIn],
    problem: "Function f may use cache views, but is not in its network.",
  },
  {
    need: "its group lets it out to the cache",
    met: [...attached, letOut, letIn],
    missed: [...attached, rule("Egress", "sg-clients", "sg-server", 6380), letIn],
    problem:
      "Function f may use cache views, but no rule of a security group lets it out to there at port 6379.",
  },
  {
    need: "the cache's group lets it in",
    met: [...attached, letOut, letIn],
    missed: [...attached, letOut, rule("Ingress", "sg-server", "sg-others")],
    problem:
      "Function f may use cache views, but no rule of a security group lets it in from there at port 6379.",
  },
  {
    need: "a function's interfaces are made in its subnets, with its groups",
    met: [...attached, letOut, letIn],
    missed: [
      ...reader(
        inNetwork,
        {
          ...attaching[0],
          Action: "ec2:CreateNetworkInterface",
          Resource: attaching[0]?.Resource.slice(0, 2),
        },
        ...attaching.slice(1),
      ),
      letOut,
      letIn,
    ],
    problem:
      `Role f-role does not allow ec2:CreateNetworkInterface on ${place}security-group/sg-clients, ` +
      "although function f runs in a VPC.",
  },
  {
    need: "a flow log is written",
    met: [flowLog, logRole, rolePolicy("log-role", { Action: writing, Resource: `${logs}:*` })],
    missed: [
      flowLog,
      logRole,
      rolePolicy("log-role", { Action: writing.slice(0, 3), Resource: `${logs}:*` }),
    ],
    problem:
      `Role log-role does not allow logs:PutLogEvents on ${logs}:log-stream:*, ` +
      "although flow log refused writes what a network does.",
  },
]);
