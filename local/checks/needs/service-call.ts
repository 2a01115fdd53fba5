import type { Graph } from "../graph";
import { type Need, roleMay } from "./need";

/** An operation of a service that APIs and state machines call for us, and the parameter that names its resource. */
interface Operation {
  readonly action: string;
  readonly parameter: string;
  /** Pulumi type of the resource, when the parameter holds a name or URL. */
  readonly type: string;
}

const table = "aws:dynamodb/table:Table";
const stream = "aws:kinesis/stream:Stream";
const stateMachine = "aws:sfn/stateMachine:StateMachine";

/** `<service>:<operation>` in lower case → operation. */
const operations: Readonly<Record<string, Operation>> = {
  "dynamodb:deleteitem": { action: "dynamodb:DeleteItem", parameter: "TableName", type: table },
  "dynamodb:getitem": { action: "dynamodb:GetItem", parameter: "TableName", type: table },
  "dynamodb:putitem": { action: "dynamodb:PutItem", parameter: "TableName", type: table },
  "dynamodb:query": { action: "dynamodb:Query", parameter: "TableName", type: table },
  "dynamodb:updateitem": { action: "dynamodb:UpdateItem", parameter: "TableName", type: table },
  "events:putevents": {
    action: "events:PutEvents",
    parameter: "EventBusName",
    type: "aws:cloudwatch/eventBus:EventBus",
  },
  "kinesis:putrecord": { action: "kinesis:PutRecord", parameter: "StreamName", type: stream },
  "kinesis:putrecords": { action: "kinesis:PutRecords", parameter: "StreamName", type: stream },
  "lambda:invoke": {
    action: "lambda:InvokeFunction",
    parameter: "FunctionName",
    type: "aws:lambda/function:Function",
  },
  "sns:publish": { action: "sns:Publish", parameter: "TopicArn", type: "aws:sns/topic:Topic" },
  "sqs:sendmessage": { action: "sqs:SendMessage", parameter: "QueueUrl", type: "aws:sqs/queue:Queue" },
  "states:startexecution": {
    action: "states:StartExecution",
    parameter: "StateMachineArn",
    type: stateMachine,
  },
  "states:startsyncexecution": {
    action: "states:StartSyncExecution",
    parameter: "StateMachineArn",
    type: stateMachine,
  },
};

/**
 * The role must be able to call the operation on the resources that its parameters name. A parameter whose value
 * is made at run time names none.
 */
export function roleCalls(
  role: string | undefined,
  service: string,
  operation: string,
  parameters: unknown,
  graph: Graph,
  because: string,
): Need[] {
  const known = operations[`${service}:${operation}`.toLowerCase()];
  if (!known) {
    return [];
  }
  return valuesOf(known.parameter, parameters).flatMap((value) => {
    const resource = value.startsWith("arn:") ? value : graph.find(known.type, value)?.outputs.arn;
    return typeof resource === "string" ? roleMay(role, [known.action], resource, because) : [];
  });
}

/** The texts under a key, at any depth; API Gateway and Step Functions differ in how they begin it. */
function valuesOf(key: string, parameters: unknown): string[] {
  return Object.entries(Object(parameters)).flatMap(([name, value]) => {
    if (typeof value !== "string") {
      return typeof value === "object" ? valuesOf(key, value) : [];
    }
    return name.toLowerCase() === key.toLowerCase() ? [value] : [];
  });
}
