import type { Resource } from "../../../local/engine/resource";
import {
  type Allowed,
  arn,
  bareFunction,
  functionArn,
  problems,
  queue,
  queueArn,
  resource,
  role,
  roleArn,
  rolePolicy,
  testNeeds,
} from "./graph-builder";

const trusting = role("m-role", "states.amazonaws.com");

function machine(States: object, inputs: Resource["inputs"] = {}): Resource {
  const own = { name: "m", arn: arn("states", "stateMachine:m") };
  const definition = JSON.stringify({ StartAt: "A", States });
  return resource(
    "aws:sfn/stateMachine:StateMachine",
    "m",
    { roleArn: roleArn("m-role"), definition, ...inputs },
    own,
  );
}

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

/** A need of one task: the graph around it, its state, and the statement that meets it. */
function task(need: string, around: readonly Resource[], state: object, met: Allowed, shown: string) {
  const graph = [...around, machine({ A: { Type: "Task", ...state } }), trusting];
  return {
    need,
    met: [...graph, rolePolicy("m-role", met)],
    missed: graph,
    problem: `Role m-role does not allow ${met.Action} on ${shown}, although state A of m calls it.`,
  };
}

const table = resource(
  "aws:dynamodb/table:Table",
  "recipients",
  {},
  { name: "recipients-1", arn: arn("dynamodb", "table/recipients-1") },
);
const bus = resource(
  "aws:cloudwatch/eventBus:EventBus",
  "gallery",
  {},
  { name: "gallery-1", arn: arn("events", "event-bus/gallery-1") },
);
const withoutFunction = [bareFunction("f", { role: roleArn("elsewhere") })];
const invoking = { Action: "lambda:InvokeFunction", Resource: functionArn("f") };

testNeeds([
  {
    need: "the role of a state machine trusts Step Functions",
    met: [machine({}), trusting],
    missed: [machine({}), role("m-role", "lambda.amazonaws.com")],
    problem: "Role m-role may not be taken by states.amazonaws.com, although state machine m runs with it.",
  },
  {
    need: "a state machine writes a log",
    met: [
      machine({}, { loggingConfiguration: { level: "ERROR" } }),
      trusting,
      rolePolicy("m-role", { Action: loggingActions, Resource: "*" }),
    ],
    missed: [
      machine({}, { loggingConfiguration: { level: "ERROR" } }),
      trusting,
      rolePolicy("m-role", { Action: loggingActions.slice(0, -1), Resource: "*" }),
    ],
    problem: "Role m-role does not allow logs:DescribeLogGroups on *, although state machine m writes a log.",
  },
  {
    need: "a state machine is traced",
    met: [
      machine({}, { tracingConfiguration: { enabled: true } }),
      trusting,
      rolePolicy("m-role", { Action: "xray:*", Resource: "*" }),
    ],
    missed: [
      machine({}, { tracingConfiguration: { enabled: true } }),
      trusting,
      rolePolicy("m-role", { Action: "xray:Put*", Resource: "*" }),
    ],
    problem:
      "Role m-role does not allow xray:GetSamplingRules and xray:GetSamplingTargets on *, " +
      "although state machine m is traced.",
  },
  task("a task is a function", withoutFunction, { Resource: functionArn("f") }, invoking, "<arn of f>"),
  task(
    "a task calls a function and waits for its token",
    withoutFunction,
    { Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken", Parameters: { FunctionName: "f" } },
    invoking,
    "<arn of f>",
  ),
  task(
    "a task sends to a queue, in JSONata",
    [queue("q")],
    {
      Resource: "arn:aws:states:::sqs:sendMessage",
      Arguments: {
        QueueUrl: "https://sqs.eu-west-1.amazonaws.com/000000000000/q",
        MessageBody: "{% $states %}",
      },
    },
    { Action: "sqs:SendMessage", Resource: queueArn("q") },
    "<arn of q>",
  ),
  task(
    "a task changes an item",
    [table],
    { Resource: "arn:aws:states:::dynamodb:updateItem", Parameters: { TableName: "recipients-1" } },
    { Action: "dynamodb:UpdateItem", Resource: arn("dynamodb", "table/recipients-1") },
    "<arn of recipients>",
  ),
  task(
    "a task calls an operation of the AWS SDK",
    [table],
    { Resource: "arn:aws:states:::aws-sdk:dynamodb:query", Parameters: { TableName: "recipients-1" } },
    { Action: "dynamodb:Query", Resource: arn("dynamodb", "table/recipients-1") },
    "<arn of recipients>",
  ),
  task(
    "a task puts events on a bus",
    [bus],
    {
      Resource: "arn:aws:states:::events:putEvents",
      Parameters: { Entries: [{ Source: "gallery.campaigns", EventBusName: "gallery-1" }] },
    },
    { Action: "events:PutEvents", Resource: arn("events", "event-bus/gallery-1") },
    "<arn of gallery>",
  ),
  ...[
    ["a map", { ItemProcessor: { States: { A: { Type: "Task", Resource: functionArn("f") } } } }],
    ["an older map", { Iterator: { States: { A: { Type: "Task", Resource: functionArn("f") } } } }],
    ["a branch", { Branches: [{ States: { A: { Type: "Task", Resource: functionArn("f") } } }] }],
  ].map(([where, state]) => ({
    need: `a task stands inside of ${where}`,
    met: [...withoutFunction, machine({ outer: state }), trusting, rolePolicy("m-role", invoking)],
    missed: [...withoutFunction, machine({ outer: state }), trusting],
    problem:
      "Role m-role does not allow lambda:InvokeFunction on <arn of f>, although state A of m calls it.",
  })),
]);

test.each([
  ["a parameter that is made at run time", { "FunctionName.$": "$.function" }],
  ["an expression", { FunctionName: "{% $states.input.function %}" }],
])("nothing is said of %s", (_, Parameters) => {
  const state = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters };

  expect(problems([...withoutFunction, machine({ A: state }), trusting])).toEqual([]);
});

test("nothing is said of a definition that is no JSON: AWS refuses it itself", () => {
  expect(problems([machine({}, { definition: "{" }), trusting])).toEqual([]);
});
