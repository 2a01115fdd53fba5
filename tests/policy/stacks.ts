import { asset } from "@pulumi/pulumi";
import type { Properties, Resource } from "../../local/engine/resource";

const account = "123456789012";
const arnOf = (service: string, name: string) => `arn:aws:${service}:eu-west-1:${account}:${name}`;
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const urnOf = (type: string, name: string) => `urn:pulumi:test::gallery::${type}::${name}`;

const stack: Resource = {
  ...resource("pulumi:pulumi:Stack", "gallery-test", {}),
  custom: false,
  id: "",
};

function resource(type: string, name: string, inputs: Properties, outputs: Properties = {}): Resource {
  return {
    urn: urnOf(type, name),
    type,
    name,
    custom: true,
    parent: urnOf("pulumi:pulumi:Stack", "gallery-test"),
    dependencies: [],
    propertyDependencies: {},
    inputs,
    protect: false,
    id: name,
    outputs,
  };
}

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});

const allow = (Action: string[], Resource: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] });

const role = (name: string, inputs: Properties = {}) =>
  resource("aws:iam/role:Role", name, { name, assumeRolePolicy: trust, ...inputs }, { arn: roleArn(name) });

const lambda = (name: string, inputs: Properties) =>
  resource(
    "aws:lambda/function:Function",
    name,
    {
      name,
      code: new asset.AssetArchive({ "index.js": new asset.StringAsset("exports.handler = 1") }),
      ...inputs,
    },
    { arn: arnOf("lambda", `function:${name}`) },
  );

const queue = (name: string, inputs: Properties = {}) =>
  resource("aws:sqs/queue:Queue", name, { name, ...inputs }, { arn: arnOf("sqs", name) });

/** Breaks every rule of the pack at least once, but for the one about configuration. */
export const violating: Resource[] = [
  stack,
  role("shared", { managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"] }),
  resource("aws:iam/rolePolicy:RolePolicy", "policy", { role: "shared", policy: allow(["dynamodb:*"], "*") }),
  resource("aws:cloudwatch/logGroup:LogGroup", "logs", { name: "logs" }),
  lambda("resize", { role: roleArn("shared"), environment: { variables: { API_KEY: "hunter2-hunter2" } } }),
  lambda("notify", { role: roleArn("shared") }),
  queue("uploads"),
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "uploads", {
    eventSourceArn: arnOf("sqs", "uploads"),
    functionName: "resize",
  }),
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "changes", {
    eventSourceArn: arnOf("dynamodb", "table/photos/stream/2025"),
    functionName: "resize",
    startingPosition: "LATEST",
  }),
  resource("aws:cloudwatch/eventTarget:EventTarget", "published", {
    rule: "published",
    arn: arnOf("lambda", "function:notify"),
  }),
  resource("aws:scheduler/schedule:Schedule", "nightly", {
    target: { arn: arnOf("lambda", "function:notify"), roleArn: roleArn("nightly") },
  }),
  resource("aws:sns/topicSubscription:TopicSubscription", "fan-out", {
    protocol: "sqs",
    endpoint: arnOf("sqs", "uploads"),
    topic: arnOf("sns", "uploads"),
  }),
];

const functionOf = (name: string) => [
  role(name),
  resource("aws:iam/rolePolicy:RolePolicy", name, {
    role: name,
    policy: allow(["dynamodb:GetItem"], arnOf("dynamodb", "table/photos")),
  }),
  resource("aws:cloudwatch/logGroup:LogGroup", name, { name: `/aws/lambda/${name}`, retentionInDays: 14 }),
  lambda(name, {
    role: roleArn(name),
    tracingConfig: { mode: "Active" },
    environment: { variables: { TABLE: "photos", API_KEY: arnOf("secretsmanager", "secret:mail-a1b2c3") } },
  }),
];

const dead = arnOf("sqs", "dead");

/** Does what the other does, and keeps every rule. */
export const clean: Resource[] = [
  stack,
  ...functionOf("resize"),
  ...functionOf("notify"),
  queue("dead"),
  queue("uploads", { redrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 3 }) }),
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "uploads", {
    eventSourceArn: arnOf("sqs", "uploads"),
    functionName: "resize",
  }),
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "changes", {
    eventSourceArn: arnOf("dynamodb", "table/photos/stream/2025"),
    functionName: "resize",
    startingPosition: "LATEST",
    destinationConfig: { onFailure: { destinationArn: dead } },
  }),
  resource("aws:cloudwatch/eventTarget:EventTarget", "published", {
    rule: "published",
    arn: arnOf("lambda", "function:notify"),
    deadLetterConfig: { arn: dead },
  }),
  resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "notify", {
    functionName: "notify",
    destinationConfig: { onFailure: { destination: dead } },
  }),
  resource("aws:scheduler/schedule:Schedule", "nightly", {
    target: {
      arn: arnOf("lambda", "function:notify"),
      roleArn: roleArn("nightly"),
      deadLetterConfig: { arn: dead },
    },
  }),
  resource("aws:sns/topicSubscription:TopicSubscription", "fan-out", {
    protocol: "sqs",
    endpoint: arnOf("sqs", "uploads"),
    topic: arnOf("sns", "uploads"),
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: dead }),
  }),
];
