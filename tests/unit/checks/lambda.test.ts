import type { Resource } from "../../../local/engine/resource";
import {
  type Allowed,
  arn,
  bareFunction,
  functionArn,
  logging,
  problems,
  queue,
  queueArn,
  resource,
  role,
  rolePolicy,
  testNeeds,
  topic,
  topicArn,
  workingFunction,
} from "./graph-builder";

const trusting = role("f-role", "lambda.amazonaws.com");
const streamArn = arn("dynamodb", "table/photos/stream/2026-01-01T00:00:00.000");

/** The function with inputs, its role and the role's statements. */
function withInputs(inputs: Resource["inputs"], ...statements: readonly Allowed[]): Resource[] {
  return [bareFunction("f", inputs), trusting, rolePolicy("f-role", ...statements)];
}

function mapping(inputs: Resource["inputs"]): Resource {
  return resource("aws:lambda/eventSourceMapping:EventSourceMapping", "f-source", {
    functionName: functionArn("f"),
    ...inputs,
  });
}

function invokeConfig(destinationConfig: object): Resource {
  return resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "f-invoke", {
    functionName: "f",
    destinationConfig,
  });
}

const reading: Allowed = {
  Action: [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
  ],
  Resource: streamArn,
};
const consuming: Allowed = {
  Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
  Resource: queueArn("jobs"),
};
const sending: Allowed = { Action: "sqs:SendMessage", Resource: queueArn("failed") };
const tracing: Allowed = { Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" };
const networking: Allowed = {
  Action: [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
  ],
  Resource: "*",
};
const ownGroup: Allowed = {
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: arn("logs", "log-group:/gallery/f:*"),
};
const loggingConfig = { logGroup: "/gallery/f" };
const vpcConfig = { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };

testNeeds([
  {
    need: "the role of a function trusts Lambda",
    met: workingFunction("f"),
    missed: [bareFunction("f"), role("f-role", "states.amazonaws.com"), rolePolicy("f-role", logging("f"))],
    problem: "Role f-role may not be taken by lambda.amazonaws.com, although function f runs with it.",
  },
  {
    need: "a function writes to the default log group",
    met: withInputs({}, logging("f")),
    missed: withInputs({}, { ...logging("f"), Action: "logs:CreateLogStream" }),
    problem:
      `Role f-role does not allow logs:PutLogEvents on ${arn("logs", "log-group:/aws/lambda/f")}:log-stream:*, ` +
      "although function f writes its log there.",
  },
  {
    need: "a function writes to a log group of its own",
    met: withInputs({ loggingConfig }, ownGroup),
    missed: withInputs({ loggingConfig }, logging("f")),
    problem:
      "Role f-role does not allow logs:CreateLogStream and logs:PutLogEvents on " +
      `${arn("logs", "log-group:/gallery/f")}:log-stream:*, although function f writes its log there.`,
  },
  {
    need: "a function writes to streams of any name, not to the group alone",
    met: withInputs({ loggingConfig }, ownGroup),
    missed: withInputs({ loggingConfig }, { ...ownGroup, Resource: arn("logs", "log-group:/gallery/f") }),
    problem:
      "Role f-role does not allow logs:CreateLogStream and logs:PutLogEvents on " +
      `${arn("logs", "log-group:/gallery/f")}:log-stream:*, although function f writes its log there.`,
  },
  {
    need: "a traced function sends its segments",
    met: withInputs({ tracingConfig: { mode: "Active" } }, logging("f"), tracing),
    missed: withInputs({ tracingConfig: { mode: "Active" } }, logging("f")),
    problem:
      "Role f-role does not allow xray:PutTraceSegments and xray:PutTelemetryRecords on *, " +
      "although function f is traced.",
  },
  {
    need: "a function in a VPC makes network interfaces",
    met: withInputs({ vpcConfig }, logging("f"), networking),
    missed: withInputs({ vpcConfig }, logging("f"), {
      ...networking,
      Action: [...networking.Action].filter((action) => action !== "ec2:DeleteNetworkInterface"),
    }),
    problem:
      `Role f-role does not allow ec2:DeleteNetworkInterface on ${arn("ec2", "network-interface/*")}, ` +
      "although function f runs in a VPC.",
  },
  {
    need: "a function sends to its dead-letter queue",
    met: withInputs({ deadLetterConfig: { targetArn: queueArn("failed") } }, logging("f"), sending),
    missed: [
      queue("failed"),
      ...withInputs({ deadLetterConfig: { targetArn: queueArn("failed") } }, logging("f")),
    ],
    problem:
      "Role f-role does not allow sqs:SendMessage on <arn of failed>, " +
      "although function f leaves there what it fails to process.",
  },
  {
    need: "a stream is read",
    met: [...workingFunction("f", reading), mapping({ eventSourceArn: streamArn })],
    missed: [
      ...workingFunction("f", { ...reading, Action: reading.Action.slice(0, 2) }),
      mapping({ eventSourceArn: streamArn }),
    ],
    problem:
      `Role f-role does not allow dynamodb:GetShardIterator and dynamodb:ListStreams on ${streamArn}, ` +
      "although function f gets its events from there.",
  },
  {
    need: "a queue is emptied",
    met: [...workingFunction("f", consuming), mapping({ eventSourceArn: queueArn("jobs") })],
    missed: [
      ...workingFunction("f", { ...consuming, Resource: queueArn("others") }),
      mapping({ eventSourceArn: queueArn("jobs") }),
    ],
    problem:
      "Role f-role does not allow sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes on " +
      `${queueArn("jobs")}, although function f gets its events from there.`,
  },
  {
    need: "a Kinesis stream is read",
    met: [
      ...workingFunction("f", { Action: "kinesis:*", Resource: arn("kinesis", "stream/views") }),
      mapping({ eventSourceArn: arn("kinesis", "stream/views") }),
    ],
    missed: [
      ...workingFunction("f", {
        Action: ["kinesis:Describe*", "kinesis:Get*"],
        Resource: arn("kinesis", "stream/views"),
      }),
      mapping({ eventSourceArn: arn("kinesis", "stream/views") }),
    ],
    problem:
      `Role f-role does not allow kinesis:ListShards on ${arn("kinesis", "stream/views")}, ` +
      "although function f gets its events from there.",
  },
  {
    need: "a mapping sends what fails to its destination",
    met: [
      ...workingFunction("f", reading, sending),
      mapping({
        eventSourceArn: streamArn,
        destinationConfig: { onFailure: { destinationArn: queueArn("failed") } },
      }),
    ],
    missed: [
      ...workingFunction("f", reading),
      mapping({
        eventSourceArn: streamArn,
        destinationConfig: { onFailure: { destinationArn: queueArn("failed") } },
      }),
    ],
    problem:
      `Role f-role does not allow sqs:SendMessage on ${queueArn("failed")}, ` +
      "although function f leaves there what it fails to process.",
  },
  {
    need: "an asynchronous invocation sends what fails to its destination",
    met: [...workingFunction("f", sending), invokeConfig({ onFailure: { destination: queueArn("failed") } })],
    missed: [...workingFunction("f"), invokeConfig({ onFailure: { destination: queueArn("failed") } })],
    problem:
      `Role f-role does not allow sqs:SendMessage on ${queueArn("failed")}, ` +
      "although function f leaves there what it fails to process.",
  },
  {
    need: "an asynchronous invocation tells of its success",
    met: [
      topic("done"),
      ...workingFunction("f", { Action: "sns:Publish", Resource: topicArn("done") }),
      invokeConfig({ onSuccess: { destination: topicArn("done") } }),
    ],
    missed: [
      topic("done"),
      ...workingFunction("f"),
      invokeConfig({ onSuccess: { destination: topicArn("done") } }),
    ],
    problem:
      "Role f-role does not allow sns:Publish on <arn of done>, although function f tells there what it has done.",
  },
  {
    need: "a bucket as destination takes objects",
    met: [
      ...workingFunction("f", { Action: "s3:PutObject", Resource: "arn:aws:s3:::failed/*" }),
      invokeConfig({ onFailure: { destination: "arn:aws:s3:::failed" } }),
    ],
    missed: [
      ...workingFunction("f", { Action: "s3:PutObject", Resource: "arn:aws:s3:::failed" }),
      invokeConfig({ onFailure: { destination: "arn:aws:s3:::failed" } }),
    ],
    problem:
      "Role f-role does not allow s3:PutObject on arn:aws:s3:::failed/*, " +
      "although function f leaves there what it fails to process.",
  },
]);

test("a consumer of a Kinesis stream needs none of the actions on the stream", () => {
  const consumer = arn("kinesis", "stream/views/consumer/f:1");

  expect(problems([...workingFunction("f"), mapping({ eventSourceArn: consumer })])).toEqual([]);
});

describe("a function at the edge", () => {
  const distribution = resource("aws:cloudfront/distribution:Distribution", "site", {
    defaultCacheBehavior: {
      lambdaFunctionAssociations: [{ eventType: "origin-request", lambdaArn: `${functionArn("f")}:1` }],
    },
  });
  const everywhere: Allowed = {
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: "arn:aws:logs:*:000000000000:log-group:/aws/lambda/eu-west-1.f:*",
  };
  const both = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"];
  const trust = { Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: both } } };

  test("trusts the edge and logs in every Region", () => {
    const edgeRole = role("f-role", "", { assumeRolePolicy: trust });

    expect(problems([distribution, bareFunction("f"), edgeRole, rolePolicy("f-role", everywhere)])).toEqual(
      [],
    );
  });

  test("is found with the rights of any other function", () => {
    expect(problems([distribution, ...workingFunction("f")])).toEqual([
      "Role f-role may not be taken by edgelambda.amazonaws.com, " +
        "although distribution site runs the function at the edge with it.",
      "Role f-role does not allow logs:CreateLogStream and logs:PutLogEvents on " +
        "arn:aws:logs:*:000000000000:log-group:/aws/lambda/eu-west-1.f:log-stream:*, " +
        "although function f writes its log there.",
    ]);
  });
});
