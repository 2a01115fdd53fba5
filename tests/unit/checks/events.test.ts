import type { Resource } from "../../../local/engine/resource";
import {
  arn,
  functionArn,
  permission,
  policyText,
  problems,
  queue,
  queueArn,
  queuePolicy,
  resource,
  role,
  roleArn,
  rolePolicy,
  testNeeds,
  topic,
  topicArn,
  workingFunction,
} from "./graph-builder";

const principal = "events.amazonaws.com";
const ruleArn = arn("events", "rule/gallery/uploads");

const rule = resource(
  "aws:cloudwatch/eventRule:EventRule",
  "uploads",
  { name: "uploads", eventBusName: "gallery" },
  { arn: ruleArn },
);

function target(inputs: Resource["inputs"]): Resource {
  return resource("aws:cloudwatch/eventTarget:EventTarget", "uploads-target", {
    rule: "uploads",
    eventBusName: arn("events", "event-bus/gallery"),
    ...inputs,
  });
}

const toFunction = [...workingFunction("f"), rule, target({ arn: functionArn("f") })];
const toTopic = [topic("t"), rule, target({ arn: topicArn("t") })];
const toMachine = [
  rule,
  target({ arn: arn("states", "stateMachine:m"), roleArn: roleArn("rule-role") }),
  rolePolicy("rule-role", { Action: "states:StartExecution", Resource: arn("states", "stateMachine:m") }),
];
const logGroup = resource("aws:cloudwatch/logGroup:LogGroup", "journal", {
  name: "/aws/events/journal",
  arn: undefined,
});
const groupArn = arn("logs", "log-group:/aws/events/journal");
const toLogs = [
  { ...logGroup, outputs: { name: "/aws/events/journal", arn: groupArn } },
  rule,
  target({ arn: groupArn }),
];

function topicPolicy(sourceArn: string): Resource {
  return resource("aws:sns/topicPolicy:TopicPolicy", "t-policy", {
    arn: topicArn("t"),
    policy: policyText({
      Action: "sns:Publish",
      Resource: topicArn("t"),
      Principal: { Service: principal },
      Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
    }),
  });
}

/** A trust policy for the rule alone. */
function ruleRole(sourceArn: string): Resource {
  return role("rule-role", principal, {
    assumeRolePolicy: policyText({
      Action: "sts:AssumeRole",
      Principal: { Service: principal },
      Condition: {
        ArnLike: { "aws:SourceArn": sourceArn },
        StringEquals: { "aws:SourceAccount": "000000000000" },
      },
    }),
  });
}

testNeeds([
  {
    need: "a rule invokes a function",
    met: [...toFunction, permission("f", principal, { sourceArn: ruleArn })],
    missed: [...toFunction, permission("f", principal, { sourceArn: arn("events", "rule/uploads") })],
    problem:
      "Function f may not be invoked by events.amazonaws.com, although rule uploads sends events to it; " +
      `f-permission allows it only with ArnLike AWS:SourceArn ${arn("events", "rule/uploads")} ` +
      "(here it is <arn of uploads>).",
  },
  {
    need: "a rule sends to a queue",
    met: [queue("q"), queuePolicy("q", principal, ruleArn), rule, target({ arn: queueArn("q") })],
    missed: [queue("q"), rule, target({ arn: queueArn("q") })],
    problem:
      "Queue q does not accept sqs:SendMessage from events.amazonaws.com, " +
      "although rule uploads sends events to it.",
  },
  {
    need: "a rule publishes to a topic",
    met: [...toTopic, topicPolicy(ruleArn)],
    missed: toTopic,
    problem:
      "Topic t does not accept sns:Publish from events.amazonaws.com, although rule uploads sends events to it; " +
      "the default policy of t allows it only with StringEquals AWS:SourceOwner 000000000000 " +
      "(which cannot be judged here).",
  },
  {
    need: "a rule writes to a log group",
    met: [
      ...toLogs,
      resource("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "journal-policy", {
        policyName: "events",
        policyDocument: policyText({
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: arn("logs", "log-group:/aws/events/*:*"),
          Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
        }),
      }),
    ],
    missed: toLogs,
    problem:
      "Log group journal does not accept logs:CreateLogStream and logs:PutLogEvents from events.amazonaws.com, " +
      "although rule uploads sends events to it.",
  },
  {
    need: "a rule starts a state machine with a role",
    met: [...toMachine, ruleRole(ruleArn)],
    missed: [...toMachine.slice(0, 2), ruleRole(ruleArn)],
    problem:
      `Role rule-role does not allow states:StartExecution on ${arn("states", "stateMachine:m")}, ` +
      "although rule uploads sends events to it.",
  },
  {
    need: "the role of a target trusts EventBridge for the rule",
    met: [...toMachine, ruleRole(arn("events", "rule/gallery/*"))],
    missed: [...toMachine, ruleRole(arn("events", "rule/other/*"))],
    problem:
      "Role rule-role may not be taken by events.amazonaws.com, although rule uploads delivers with it; " +
      `rule-role allows it only with ArnLike aws:SourceArn ${arn("events", "rule/other/*")} ` +
      "(here it is <arn of uploads>).",
  },
  {
    need: "a rule leaves what it cannot deliver in the dead-letter queue",
    met: [
      ...toFunction.slice(0, -1),
      permission("f", principal),
      queue("failed"),
      queuePolicy("failed", principal, ruleArn),
      target({ arn: functionArn("f"), deadLetterConfig: { arn: queueArn("failed") } }),
    ],
    missed: [
      ...toFunction.slice(0, -1),
      permission("f", principal),
      queue("failed"),
      queuePolicy("failed", principal, arn("events", "rule/gallery/other")),
      target({ arn: functionArn("f"), deadLetterConfig: { arn: queueArn("failed") } }),
    ],
    problem:
      "Queue failed does not accept sqs:SendMessage from events.amazonaws.com, " +
      "although rule uploads leaves there what it cannot deliver; " +
      `failed-policy allows it only with ArnEquals aws:SourceArn ${arn("events", "rule/gallery/other")} ` +
      "(here it is <arn of uploads>).",
  },
]);

test("a rule of the same name on another bus is another rule", () => {
  const other = resource(
    "aws:cloudwatch/eventRule:EventRule",
    "default-uploads",
    { name: "uploads" },
    { arn: arn("events", "rule/uploads") },
  );
  const graph = [other, ...toFunction, permission("f", principal, { sourceArn: ruleArn })];

  expect(problems(graph)).toEqual([]);
});

test.each([
  ["the rule", [...workingFunction("f"), target({ arn: functionArn("f") })]],
  ["the target", [rule, target({ arn: functionArn("elsewhere") })]],
  ["the role", [rule, target({ arn: arn("states", "stateMachine:m"), roleArn: roleArn("elsewhere") })]],
])("nothing is said when %s is outside the graph", (_, graph) => {
  expect(problems(graph)).toEqual([]);
});
