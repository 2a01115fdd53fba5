import { GetScheduleCommand, ListTagsForResourceCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import { iam } from "../../../local/aws/iam";
import { scheduler } from "../../../local/aws/scheduler";
import { sqs } from "../../../local/aws/sqs";
import type { Inputs } from "../../../local/engine/resource";
import { eventually, Stack } from "./stack";

let stack: Stack;
let target: { arn: string; roleArn: string };
let queueUrl: string;

beforeAll(async () => {
  stack = await Stack.start(scheduler, sqs, iam);
  const queue = await stack.create<aws.sqs.QueueArgs>("aws:sqs/queue:Queue", { name: "target" });
  const role = await stack.create<aws.iam.RoleArgs>("aws:iam/role:Role", {
    name: "scheduler",
    assumeRolePolicy: "{}",
  });
  queueUrl = queue.id;
  target = { arn: String(queue.outputs.arn), roleArn: String(role.outputs.arn) };
});

afterAll(() => stack.stop());

const createSchedule = (inputs: Inputs<aws.scheduler.ScheduleArgs>) =>
  stack.create<aws.scheduler.ScheduleArgs>("aws:scheduler/schedule:Schedule", inputs);
const createGroup = (inputs: Inputs<aws.scheduler.ScheduleGroupArgs>) =>
  stack.create<aws.scheduler.ScheduleGroupArgs>("aws:scheduler/scheduleGroup:ScheduleGroup", inputs);

const always = { mode: "OFF" };

test("a schedule delivers to its target", async () => {
  // Prepare
  const at = new Date().toISOString().slice(0, 19);

  // Act
  await createSchedule({
    name: "now",
    scheduleExpression: `at(${at})`,
    flexibleTimeWindow: always,
    target: { ...target, input: '{"roll":"up"}' },
  });
  const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 1 });
  const message = await eventually(
    async () => (await stack.cloud.client(SQSClient).send(receive)).Messages?.[0],
  );

  // Assess
  expect(message.Body).toBe('{"roll":"up"}');
});

test("a schedule lives from creation to deletion", async () => {
  // Prepare
  const group = await createGroup({ name: "nightly" });
  const schedule = await createSchedule({
    name: "life",
    groupName: group.id,
    description: "first",
    scheduleExpression: "rate(1 day)",
    flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 5 },
    startDate: "2030-01-01T00:00:00Z",
    target: {
      ...target,
      deadLetterConfig: { arn: target.arn },
      retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 60 },
    },
  });
  const key = { Name: "life", GroupName: "nightly" };
  const created = await stack.cloud.client(SchedulerClient).send(new GetScheduleCommand(key));

  // Act
  await schedule.update({
    description: undefined,
    scheduleExpression: "cron(0 3 * * ? *)",
    scheduleExpressionTimezone: "Europe/Berlin",
    state: "DISABLED",
  });
  const updated = await stack.cloud.client(SchedulerClient).send(new GetScheduleCommand(key));
  const present = await schedule.read();
  await schedule.delete();
  await schedule.delete();

  // Assess
  expect(schedule).toMatchObject({ id: "nightly/life", outputs: { arn: created.Arn } });
  expect(created).toMatchObject({
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 5 },
    StartDate: new Date("2030-01-01T00:00:00Z"),
    Target: { DeadLetterConfig: { Arn: target.arn }, RetryPolicy: { MaximumRetryAttempts: 2 } },
  });
  expect(updated).toMatchObject({
    ScheduleExpression: "cron(0 3 * * ? *)",
    ScheduleExpressionTimezone: "Europe/Berlin",
    State: "DISABLED",
  });
  expect(present).toEqual({});
  expect(await schedule.read()).toBeUndefined();
});

test("a schedule group lives from creation to deletion, also of one that an interrupted run left", async () => {
  // Prepare
  await createGroup({ name: "life" });
  const group = await createGroup({ name: "life", tags: { a: "1", b: "2" } });

  // Act
  await group.update({ tags: { b: "3" } });
  const list = new ListTagsForResourceCommand({ ResourceArn: String(group.outputs.arn) });
  const { Tags } = await stack.cloud.client(SchedulerClient).send(list);
  const present = await group.read();
  await group.delete();
  await group.delete();

  // Assess
  expect(group.outputs.arn).toBe("arn:aws:scheduler:us-east-1:000000000000:schedule-group/life");
  expect(Tags).toEqual([{ Key: "b", Value: "3" }]);
  expect(present).toMatchObject({ state: "ACTIVE" });
  expect(await group.read()).toBeUndefined();
});
