import type { Resource } from "../../../local/engine/resource";
import {
  arn,
  functionArn,
  policyText,
  queueArn,
  resource,
  role,
  roleArn,
  rolePolicy,
  testNeeds,
  topicArn,
} from "./graph-builder";

const principal = "scheduler.amazonaws.com";

function schedule(target: object): Resource {
  return resource(
    "aws:scheduler/schedule:Schedule",
    "nightly",
    { target: { roleArn: roleArn("nightly-role"), ...target } },
    { name: "nightly", arn: arn("scheduler", "schedule/default/nightly") },
  );
}

const invoking = { Action: "lambda:InvokeFunction", Resource: functionArn("f") };
const sending = { Action: "sqs:SendMessage", Resource: queueArn("failed") };
const trusting = role("nightly-role", principal);
const withDeadLetters = schedule({ arn: functionArn("f"), deadLetterConfig: { arn: queueArn("failed") } });

/** A trust policy that names a scheduler ARN. */
function trustOf(sourceArn: string): Resource {
  return role("nightly-role", principal, {
    assumeRolePolicy: policyText({
      Action: "sts:AssumeRole",
      Principal: { Service: principal },
      Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
    }),
  });
}

testNeeds([
  ...[
    ["function", functionArn("f"), "lambda:InvokeFunction"],
    ["queue", queueArn("q"), "sqs:SendMessage"],
    ["topic", topicArn("t"), "sns:Publish"],
    ["state machine", arn("states", "stateMachine:m"), "states:StartExecution"],
    ["bus", arn("events", "event-bus/gallery"), "events:PutEvents"],
  ].map(([kind, target = "", Action = ""]) => ({
    need: `a schedule starts a ${kind}`,
    met: [schedule({ arn: target }), trusting, rolePolicy("nightly-role", { Action, Resource: target })],
    missed: [
      schedule({ arn: target }),
      trusting,
      rolePolicy("nightly-role", { Action, Resource: `${target}-2` }),
    ],
    problem: `Role nightly-role does not allow ${Action} on ${target}, although schedule nightly starts it.`,
  })),
  {
    need: "a schedule leaves what it cannot start in the dead-letter queue",
    met: [withDeadLetters, trusting, rolePolicy("nightly-role", invoking, sending)],
    missed: [withDeadLetters, trusting, rolePolicy("nightly-role", invoking)],
    problem:
      `Role nightly-role does not allow sqs:SendMessage on ${queueArn("failed")}, ` +
      "although schedule nightly leaves there what it cannot start.",
  },
  {
    need: "the role of a schedule trusts the scheduler for the group",
    met: [
      schedule({ arn: functionArn("f") }),
      trustOf(arn("scheduler", "schedule-group/default")),
      rolePolicy("nightly-role", invoking),
    ],
    missed: [
      schedule({ arn: functionArn("f") }),
      trustOf(arn("scheduler", "schedule/default/nightly")),
      rolePolicy("nightly-role", invoking),
    ],
    problem:
      "Role nightly-role may not be taken by scheduler.amazonaws.com, although schedule nightly runs with it; " +
      "nightly-role allows it only with ArnEquals aws:SourceArn <arn of nightly> " +
      `(here it is ${arn("scheduler", "schedule-group/default")}).`,
  },
]);
