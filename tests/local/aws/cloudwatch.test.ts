import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListTagsForResourceCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import { cloudwatch } from "../../../local/aws/cloudwatch";
import { sns } from "../../../local/aws/sns";
import { sqs } from "../../../local/aws/sqs";
import type { Inputs } from "../../../local/engine/resource";
import { eventually, Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(cloudwatch, sns, sqs);
});

afterAll(() => stack.stop());

const client = () => stack.cloud.client(CloudWatchClient);

const createAlarm = (inputs: Inputs<aws.cloudwatch.MetricAlarmArgs>) =>
  stack.create<aws.cloudwatch.MetricAlarmArgs>("aws:cloudwatch/metricAlarm:MetricAlarm", {
    namespace: "Test",
    metricName: "Errors",
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    ...inputs,
  });

const createComposite = (inputs: Inputs<aws.cloudwatch.CompositeAlarmArgs>) =>
  stack.create<aws.cloudwatch.CompositeAlarmArgs>("aws:cloudwatch/compositeAlarm:CompositeAlarm", inputs);

const putMetric = (MetricName: string, Value: number) =>
  client().send(new PutMetricDataCommand({ Namespace: "Test", MetricData: [{ MetricName, Value }] }));

async function describe(name: string) {
  const AlarmTypes = ["MetricAlarm" as const, "CompositeAlarm" as const];
  const answer = await client().send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes }));
  return answer.MetricAlarms?.[0] ?? answer.CompositeAlarms?.[0];
}

async function tags(ResourceARN: unknown) {
  return (await client().send(new ListTagsForResourceCommand({ ResourceARN: String(ResourceARN) }))).Tags;
}

test("a metric alarm lives from creation to deletion", async () => {
  // Prepare
  const action = "arn:aws:sns:us-east-1:000000000000:ops";
  const alarm = await createAlarm({
    name: "life",
    alarmActions: [action],
    alarmDescription: "first",
    datapointsToAlarm: 1,
    dimensions: { FunctionName: "f" },
    insufficientDataActions: [action],
    okActions: [action],
    tags: { a: "1", b: "2" },
    treatMissingData: "notBreaching",
  });
  const created = await describe("life");

  // Act
  const outputs = await alarm.update({
    alarmActions: undefined,
    alarmDescription: undefined,
    datapointsToAlarm: undefined,
    dimensions: undefined,
    tags: { b: "3" },
    threshold: 5,
    treatMissingData: undefined,
  });
  const updated = await describe("life");
  const retagged = await tags(alarm.outputs.arn);
  await alarm.delete();
  await alarm.delete();

  // Assess
  expect(alarm).toMatchObject({
    id: "life",
    outputs: { arn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:life", actionsEnabled: true },
  });
  expect(created).toMatchObject({
    AlarmActions: [action],
    AlarmDescription: "first",
    DatapointsToAlarm: 1,
    Dimensions: [{ Name: "FunctionName", Value: "f" }],
    InsufficientDataActions: [action],
    OKActions: [action],
    Threshold: 0,
    TreatMissingData: "notBreaching",
  });
  expect(outputs.treatMissingData).toBe("missing");
  expect(updated).toMatchObject({
    AlarmActions: [],
    AlarmDescription: "",
    Dimensions: [],
    OKActions: [action],
    Threshold: 5,
    TreatMissingData: "missing",
  });
  expect(updated).not.toHaveProperty("DatapointsToAlarm");
  expect(retagged).toEqual([{ Key: "b", Value: "3" }]);
  expect(await alarm.read()).toBeUndefined();
});

test("an alarm that no metric decides is refused", async () => {
  // Act
  const creation = createAlarm({ name: "query", evaluationInterval: 60 });

  // Assess
  await expect(creation).rejects.toThrow('has no "evaluationInterval"');
});

test("an alarm that goes off tells its topic", async () => {
  // Prepare
  const topic = await stack.create<aws.sns.TopicArgs>("aws:sns/topic:Topic", { name: "ops" });
  const queue = await stack.create<aws.sqs.QueueArgs>("aws:sqs/queue:Queue", {
    name: "ops",
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: "arn:aws:sqs:us-east-1:000000000000:ops",
        },
      ],
    }),
  });
  await stack.create<aws.sns.TopicSubscriptionArgs>("aws:sns/topicSubscription:TopicSubscription", {
    topic: topic.id,
    protocol: "sqs",
    endpoint: String(queue.outputs.arn),
    rawMessageDelivery: true,
  });
  await createAlarm({ name: "loud", metricName: "Loud", alarmActions: [topic.id] });

  // Act
  await putMetric("Loud", 1);
  const message = await eventually(async () => {
    const receive = new ReceiveMessageCommand({ QueueUrl: queue.id });
    return (await stack.cloud.client(SQSClient).send(receive)).Messages?.[0]?.Body;
  });

  // Assess
  expect(JSON.parse(message)).toMatchObject({ AlarmName: "loud", NewStateValue: "ALARM" });
});

test("a composite alarm follows its parts", async () => {
  // Prepare
  const part = await createAlarm({ name: "part", metricName: "Part" });
  const whole = await createComposite({
    alarmName: "whole",
    alarmRule: 'ALARM("part")',
    alarmDescription: "any",
    okActions: ["arn:aws:sns:us-east-1:000000000000:ops"],
    tags: { a: "1" },
  });

  // Act
  await putMetric("Part", 1);
  const alarmed = await describe("whole");
  await whole.update({ alarmRule: 'OK("part")', okActions: undefined, tags: undefined });
  const changed = await describe("whole");
  const untagged = await tags(whole.outputs.arn);
  await whole.delete();
  await part.delete();

  // Assess
  expect(whole).toMatchObject({
    id: "whole",
    outputs: { arn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:whole" },
  });
  expect(alarmed).toMatchObject({ StateValue: "ALARM", AlarmDescription: "any" });
  expect(changed).toMatchObject({ StateValue: "OK", OKActions: [] });
  expect(untagged).toEqual([]);
  expect([await whole.read(), await part.read()]).toEqual([undefined, undefined]);
});

test("a dashboard lives from creation to deletion", async () => {
  // Prepare
  const body = (text: string) =>
    JSON.stringify({ widgets: [{ type: "text", properties: { markdown: text } }] });
  const dashboard = await stack.create<aws.cloudwatch.DashboardArgs>("aws:cloudwatch/dashboard:Dashboard", {
    dashboardName: "board",
    dashboardBody: body("first"),
  });

  // Act
  await dashboard.update({ dashboardBody: body("second") });
  const read = await dashboard.read();
  const { DashboardBody } = await client().send(new GetDashboardCommand({ DashboardName: "board" }));
  await dashboard.delete();
  await dashboard.delete();

  // Assess
  expect(dashboard).toMatchObject({
    id: "board",
    outputs: { dashboardArn: "arn:aws:cloudwatch::000000000000:dashboard/board" },
  });
  expect([read, DashboardBody]).toEqual([{}, body("second")]);
  expect(await dashboard.read()).toBeUndefined();
});
