import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListTagsForResourceCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type * as aws from "@pulumi/aws";
import { iam } from "../../../local/aws/iam";
import { sfn } from "../../../local/aws/sfn";
import type { Inputs } from "../../../local/engine/resource";
import { eventually, Stack } from "./stack";

let stack: Stack;
let roleArn: string;

beforeAll(async () => {
  stack = await Stack.start(sfn, iam);
  const role = await stack.create<aws.iam.RoleArgs>("aws:iam/role:Role", {
    name: "machine",
    assumeRolePolicy: "{}",
  });
  roleArn = String(role.outputs.arn);
});

afterAll(() => stack.stop());

const client = () => stack.cloud.client(SFNClient);

const answering = (Result: unknown) =>
  JSON.stringify({ StartAt: "Answer", States: { Answer: { Type: "Pass", Result, End: true } } });

const createMachine = (inputs: Partial<Inputs<aws.sfn.StateMachineArgs>>) =>
  stack.create<aws.sfn.StateMachineArgs>("aws:sfn/stateMachine:StateMachine", {
    definition: answering(1),
    roleArn,
    ...inputs,
  });

async function run(stateMachineArn: string): Promise<unknown> {
  const { executionArn } = await client().send(new StartExecutionCommand({ stateMachineArn }));
  const { output } = await eventually(async () => {
    const execution = await client().send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === "RUNNING" ? undefined : execution;
  });
  return JSON.parse(output ?? "null");
}

test("a state machine lives from creation to deletion, and runs what it was last given", async () => {
  // Prepare
  const machine = await createMachine({
    name: "life",
    loggingConfiguration: {
      includeExecutionData: true,
      level: "ALL",
      logDestination: "arn:aws:logs:us-east-1:000000000000:log-group:life:*",
    },
    tags: { a: "1", b: "2" },
    tracingConfiguration: { enabled: true },
    type: "STANDARD",
  });
  const describe = new DescribeStateMachineCommand({ stateMachineArn: machine.id });
  const created = await client().send(describe);
  const first = await run(machine.id);

  // Act
  const outputs = await machine.update({
    definition: answering(2),
    loggingConfiguration: undefined,
    tags: { b: "3" },
    tracingConfiguration: undefined,
  });
  const updated = await client().send(describe);
  const second = await run(machine.id);
  const { tags } = await client().send(new ListTagsForResourceCommand({ resourceArn: machine.id }));
  const present = await machine.read();
  await machine.delete();
  await machine.delete();

  // Assess
  expect(machine).toMatchObject({
    id: "arn:aws:states:us-east-1:000000000000:stateMachine:life",
    outputs: {
      arn: machine.id,
      creationDate: created.creationDate?.toISOString(),
      status: "ACTIVE",
      type: "STANDARD",
    },
  });
  expect(created).toMatchObject({
    definition: answering(1),
    loggingConfiguration: {
      destinations: [
        {
          cloudWatchLogsLogGroup: {
            logGroupArn: "arn:aws:logs:us-east-1:000000000000:log-group:life:*",
          },
        },
      ],
      includeExecutionData: true,
      level: "ALL",
    },
    roleArn,
  });
  expect(updated).toMatchObject({ definition: answering(2), loggingConfiguration: { level: "OFF" } });
  expect(outputs.revisionId).toBe(updated.revisionId);
  expect([first, second]).toEqual([1, 2]);
  expect(tags).toEqual([{ key: "b", value: "3" }]);
  expect(present).toMatchObject({ status: "ACTIVE" });
  expect(await machine.read()).toBeUndefined();
});

test("a state machine that an interrupted run left is replaced", async () => {
  // Prepare
  await createMachine({ name: "left" });

  // Act
  const machine = await createMachine({ name: "left", definition: answering("anew") });

  // Assess
  expect(await run(machine.id)).toBe("anew");
});
