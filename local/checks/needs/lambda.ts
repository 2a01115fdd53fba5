import type * as aws from "@pulumi/aws";
import { arnNear, parseArn } from "../arn";
import { arnOf, type Graph, isOpen, type Node } from "../graph";
import { runsAtEdge } from "./cloudfront";
import { type Need, type NeedsTable, needsOf, roleMay, trusts } from "./need";
import { roleSends } from "./sending";

type LambdaFunction = Node<aws.lambda.FunctionArgs>;

/**
 * Service of an event source → what the function's role does there.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const readingActions: Readonly<Record<string, readonly string[]>> = {
  dynamodb: [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
  ],
  kinesis: [
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
  ],
  sqs: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
};

const tracingActions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

/** What Lambda does with network interfaces in a VPC, in the name of the role, besides making them. */
const interfaceActions = [
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

function functionNeeds(fn: LambdaFunction, graph: Graph): Need[] {
  const { role, tracingConfig, deadLetterConfig, vpcConfig } = fn.inputs;
  const who = `function ${fn.name}`;
  const logging = ["logs:CreateLogStream", "logs:PutLogEvents"];
  return [
    ...trusts(role, "lambda.amazonaws.com", `${who} runs with it`),
    ...roleMay(role, logging, logStreams(fn, graph), `${who} writes its log there`),
    // X-Ray has no resource-level permissions for these.
    ...(tracingConfig?.mode === "Active" ? roleMay(role, tracingActions, "*", `${who} is traced`) : []),
    ...roleSends(role, deadLetterConfig?.targetArn, `${who} leaves there what it fails to process`),
    ...(vpcConfig?.subnetIds?.length ? networkNeeds(fn) : []),
  ];
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
function networkNeeds(fn: LambdaFunction): Need[] {
  const { role, vpcConfig } = fn.inputs;
  const because = `function ${fn.name} runs in a VPC`;
  const describing = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];
  const near = (resource: string) => arnNear(arnOf(fn) ?? "", "ec2", resource);
  const interfaces = near("network-interface/*");
  const madeOf = [
    ...(vpcConfig?.subnetIds ?? []).map((id) => near(`subnet/${id}`)),
    ...(vpcConfig?.securityGroupIds ?? []).map((id) => near(`security-group/${id}`)),
  ];
  return [
    ...[interfaces, ...madeOf].flatMap((arn) => roleMay(role, ["ec2:CreateNetworkInterface"], arn, because)),
    ...roleMay(role, interfaceActions, interfaces, because),
    ...roleMay(role, describing, "*", because),
  ];
}

/** ARN of the streams of the function's log group, if the plan knows it. */
function logStreams(fn: LambdaFunction, graph: Graph): string | undefined {
  const arn = arnOf(fn);
  const { partition, region, account } = parseArn(arn ?? "") ?? {};
  const { loggingConfig = {} } = fn.inputs;
  if (arn === undefined || isOpen(fn.inputs, "loggingConfig") || isOpen(loggingConfig, "logGroup")) {
    return undefined;
  }
  const name = fn.outputs.name ?? fn.id;
  if (runsAtEdge(arn, graph)) {
    // A replica logs in the Region nearest to the viewer, under a name that begins with the function's own Region.
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html
    return `arn:${partition}:logs:*:${account}:log-group:/aws/lambda/${region}.${name}:log-stream:*`;
  }
  const group = loggingConfig.logGroup ?? `/aws/lambda/${name}`;
  return arnNear(arn, "logs", `log-group:${group}:log-stream:*`);
}

export const lambda: NeedsTable = {
  "aws:lambda/function:Function": needsOf(functionNeeds),
  "aws:lambda/eventSourceMapping:EventSourceMapping": needsOf<aws.lambda.EventSourceMappingArgs>(
    ({ inputs }, graph) => {
      const { eventSourceArn, functionName, destinationConfig } = inputs;
      const fn = graph.findFunction(functionName);
      const source = parseArn(eventSourceArn ?? "");
      // A consumer of a Kinesis stream is another resource, with other actions.
      const actions =
        (!source?.resource.includes("/consumer/") && readingActions[source?.service ?? ""]) || [];
      const lost = destinationConfig?.onFailure?.destinationArn;
      const who = `function ${fn?.name}`;
      return [
        ...roleMay(fn?.inputs.role, actions, eventSourceArn, `${who} gets its events from there`),
        ...roleSends(fn?.inputs.role, lost, `${who} leaves there what it fails to process`),
      ];
    },
  ),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig":
    needsOf<aws.lambda.FunctionEventInvokeConfigArgs>(({ inputs }, graph) => {
      const { functionName, destinationConfig: destinations } = inputs;
      const fn = graph.findFunction(functionName);
      const role = fn?.inputs.role;
      const who = `function ${fn?.name}`;
      return [
        ...roleSends(
          role,
          destinations?.onFailure?.destination,
          `${who} leaves there what it fails to process`,
        ),
        ...roleSends(role, destinations?.onSuccess?.destination, `${who} tells there what it has done`),
      ];
    }),
};
