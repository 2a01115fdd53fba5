import type * as aws from "@pulumi/aws";
import { functionArnIn } from "../arn";
import { arnOf, type Graph, type Node } from "../graph";
import { parsed } from "../json";
import { type Need, type NeedsTable, needsOf, roleMay, trusts } from "./need";
import { roleCalls } from "./service-call";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const loggingActions = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html */
const tracingActions = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
];

interface Task {
  readonly name: string;
  readonly resource: string;
  readonly parameters: unknown;
}

/** The tasks of a definition, those inside of maps and parallel branches too. */
function tasksIn(definition: unknown): Task[] {
  return Object.entries(Object(Object(definition).States)).flatMap(([name, state]) => {
    const {
      Type,
      Resource,
      Parameters,
      Arguments,
      Branches,
      Iterator: iterator,
      ItemProcessor,
    } = Object(state);
    const inner = [...(Array.isArray(Branches) ? Branches : []), iterator, ItemProcessor].flatMap(tasksIn);
    return Type === "Task" && typeof Resource === "string"
      ? [{ name, resource: Resource, parameters: Parameters ?? Arguments }]
      : inner;
  });
}

/**
 * What a task does in the name of the role: calls a function by its ARN, or an operation of a service by
 * `arn:aws:states:::<service>:<operation>` with the way of waiting behind it.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
 */
function taskNeeds({ name, resource, parameters }: Task, machine: Machine, graph: Graph): Need[] {
  const { roleArn } = machine.inputs;
  const because = `state ${name} of ${machine.name} calls it`;
  const functionArn = functionArnIn(resource);
  if (functionArn !== undefined) {
    return roleMay(roleArn, ["lambda:InvokeFunction"], functionArn, because);
  }
  const [, service = "", operation = ""] =
    /^arn:[^:]+:states:::(?:aws-sdk:)?([^:]+):([^.:]+)/.exec(resource) ?? [];
  return roleCalls(roleArn, service, operation, parameters, graph, because);
}

type Machine = Node<aws.sfn.StateMachineArgs>;

export const states: NeedsTable = {
  "aws:sfn/stateMachine:StateMachine": needsOf<aws.sfn.StateMachineArgs>((machine, graph) => {
    const { roleArn, definition, loggingConfiguration, tracingConfiguration } = machine.inputs;
    const who = `state machine ${machine.name}`;
    const logged = (loggingConfiguration?.level ?? "OFF") !== "OFF";
    return [
      ...trusts(roleArn, "states.amazonaws.com", `${who} runs with it`, arnOf(machine)),
      ...(logged ? roleMay(roleArn, loggingActions, "*", `${who} writes a log`) : []),
      ...(tracingConfiguration?.enabled ? roleMay(roleArn, tracingActions, "*", `${who} is traced`) : []),
      ...tasksIn(parsed(definition)).flatMap((task) => taskNeeds(task, machine, graph)),
    ];
  }),
};
