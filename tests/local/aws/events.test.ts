import {
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
} from "@aws-sdk/client-eventbridge";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import { events } from "../../../local/aws/events";
import { sqs } from "../../../local/aws/sqs";
import type { Inputs } from "../../../local/engine/resource";
import { eventually, Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(events, sqs);
});

afterAll(() => stack.stop());

const createBus = (inputs: Inputs<aws.cloudwatch.EventBusArgs>) =>
  stack.create<aws.cloudwatch.EventBusArgs>("aws:cloudwatch/eventBus:EventBus", inputs);
const createRule = (inputs: Inputs<aws.cloudwatch.EventRuleArgs>) =>
  stack.create<aws.cloudwatch.EventRuleArgs>("aws:cloudwatch/eventRule:EventRule", inputs);
const createTarget = (inputs: Inputs<aws.cloudwatch.EventTargetArgs>) =>
  stack.create<aws.cloudwatch.EventTargetArgs>("aws:cloudwatch/eventTarget:EventTarget", inputs);
const createQueue = (inputs: Inputs<aws.sqs.QueueArgs>) =>
  stack.create<aws.sqs.QueueArgs>("aws:sqs/queue:Queue", inputs);

const eventbridge = () => stack.cloud.client(EventBridgeClient);
const pattern = (detailType: string) => JSON.stringify({ "detail-type": [detailType] });

test("a bus lives from creation to deletion", async () => {
  // Prepare
  const deadLetters = await createQueue({ name: "bus-dead-letters" });
  const arn = String(deadLetters.outputs.arn);
  const bus = await createBus({
    name: "life",
    description: "first",
    deadLetterConfig: { arn },
    tags: { a: "1" },
  });
  const created = await eventbridge().send(new DescribeEventBusCommand({ Name: "life" }));

  // Act
  await bus.update({ description: undefined, logConfig: { level: "ERROR" }, tags: { b: "2" } });
  const updated = await eventbridge().send(new DescribeEventBusCommand({ Name: "life" }));
  const { Tags } = await eventbridge().send(new ListTagsForResourceCommand({ ResourceARN: created.Arn }));
  const present = await bus.read();
  await bus.delete();
  await bus.delete();

  // Assess
  expect(bus).toMatchObject({ id: "life", outputs: { arn: created.Arn } });
  expect(created).toMatchObject({ Description: "first", DeadLetterConfig: { Arn: arn } });
  expect(updated).toMatchObject({ Description: "", LogConfig: { Level: "ERROR" } });
  expect(Tags).toEqual([{ Key: "b", Value: "2" }]);
  expect(present).toEqual({});
  expect(await bus.read()).toBeUndefined();
});

test("a rule lives from creation to deletion", async () => {
  // Prepare
  const bus = await createBus({ name: "of-rules" });
  const rule = await createRule({
    name: "life",
    eventBusName: String(bus.outputs.arn),
    eventPattern: pattern("a"),
    tags: { a: "1" },
  });
  const key = { Name: "life", EventBusName: "of-rules" };

  // Act
  await rule.update({ eventPattern: pattern("b"), state: "DISABLED", tags: { b: "2" } });
  const updated = await eventbridge().send(new DescribeRuleCommand(key));
  const { Tags } = await eventbridge().send(new ListTagsForResourceCommand({ ResourceARN: updated.Arn }));
  const present = await rule.read();
  await rule.delete();
  await rule.delete();

  // Assess
  expect(rule).toMatchObject({ id: "of-rules/life", outputs: { arn: updated.Arn } });
  expect(updated).toMatchObject({ EventPattern: pattern("b"), State: "DISABLED" });
  expect(Tags).toEqual([{ Key: "b", Value: "2" }]);
  expect(present).toEqual({});
  expect(await rule.read()).toBeUndefined();
});

test("a target lives from creation to deletion and gets what the rule matches", async () => {
  // Prepare
  const queue = await createQueue({ name: "target" });
  const rule = await createRule({ name: "matching", eventPattern: pattern("photo.published") });
  const target = await createTarget({ rule: rule.id, targetId: "queue", arn: String(queue.outputs.arn) });

  // Act
  await target.update({
    deadLetterConfig: { arn: String(queue.outputs.arn) },
    retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 1 },
    inputTransformer: { inputPaths: { photo: "$.detail.id" }, inputTemplate: '{"seen": <photo>}' },
  });
  const { Targets } = await eventbridge().send(new ListTargetsByRuleCommand({ Rule: rule.id }));
  const Entries = [{ Source: "test", DetailType: "photo.published", Detail: '{"id":"p1"}' }];
  await eventbridge().send(new PutEventsCommand({ Entries }));
  const receive = new ReceiveMessageCommand({ QueueUrl: queue.id });
  const message = await eventually(
    async () => (await stack.cloud.client(SQSClient).send(receive)).Messages?.[0],
  );
  const present = await target.read();
  await target.delete();
  await target.delete();

  // Assess
  expect(target.id).toBe("matching-queue");
  expect(Targets).toMatchObject([
    {
      DeadLetterConfig: { Arn: queue.outputs.arn },
      RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 },
    },
  ]);
  expect(JSON.parse(message.Body ?? "")).toEqual({ seen: "p1" });
  expect(present).toEqual({});
  expect(await target.read()).toBeUndefined();
});

test("a rule of two patterns gets what either matches, and no type of the one from the source of the other", async () => {
  // Prepare
  const queue = await createQueue({ name: "either" });
  const either = [
    { source: ["a"], "detail-type": ["x"] },
    { source: ["b"], "detail-type": ["y"] },
  ];
  const eventPattern = JSON.stringify({ $or: either, detail: { is: ["wanted"] } });
  const rule = await createRule({ name: "either", eventPattern });
  await createTarget({ rule: rule.id, targetId: "queue", arn: String(queue.outputs.arn) });
  const entry = (Source: string, DetailType: string, is = "wanted") => ({
    Source,
    DetailType,
    Detail: JSON.stringify({ is }),
  });

  // Act: those that are to come are sent last.
  const Entries = [
    entry("a", "y"),
    entry("b", "x"),
    entry("a", "x", "other"),
    entry("a", "x"),
    entry("b", "y"),
  ];
  await eventbridge().send(new PutEventsCommand({ Entries }));
  const got: string[] = [];
  await eventually(async () => {
    const receive = new ReceiveMessageCommand({ QueueUrl: queue.id, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await stack.cloud.client(SQSClient).send(receive);
    for (const { Body = "" } of Messages) {
      const { source, "detail-type": type, detail } = JSON.parse(Body);
      got.push(`${source} ${type} ${detail.is}`);
    }
    return got.includes("b y wanted") ? got : undefined;
  });

  // Assess
  expect(got.sort()).toEqual(["a x wanted", "b y wanted"]);
});

test("an archive lives from creation to deletion, also of one that an interrupted run left", async () => {
  // Prepare
  const bus = await createBus({ name: "archived" });
  const inputs = { name: "life", eventSourceArn: String(bus.outputs.arn), retentionDays: 1 };
  const create = () =>
    stack.create<aws.cloudwatch.EventArchiveArgs>("aws:cloudwatch/eventArchive:EventArchive", inputs);
  await create();
  const archive = await create();

  // Act
  await archive.update({ retentionDays: 2, eventPattern: pattern("a") });
  const updated = await eventbridge().send(new DescribeArchiveCommand({ ArchiveName: "life" }));
  await archive.delete();
  await archive.delete();

  // Assess
  expect(archive.outputs.arn).toBe(updated.ArchiveArn);
  expect(updated).toMatchObject({ RetentionDays: 2, EventPattern: pattern("a") });
  expect(await archive.read()).toBeUndefined();
});

test("a permission lives from creation to deletion", async () => {
  // Prepare
  const bus = await createBus({ name: "open" });
  const permission = await stack.create<aws.cloudwatch.EventPermissionArgs>(
    "aws:cloudwatch/eventPermission:EventPermission",
    { eventBusName: bus.id, statementId: "partner", principal: "111111111111" },
  );

  // Act
  await permission.update({
    principal: "*",
    condition: { type: "StringEquals", key: "aws:PrincipalOrgID", value: "o-1234567890" },
  });
  const { Policy } = await eventbridge().send(new DescribeEventBusCommand({ Name: "open" }));
  const present = await permission.read();
  await permission.delete();
  await permission.delete();

  // Assess
  expect(permission.id).toBe("open/partner");
  expect(JSON.parse(Policy ?? "").Statement).toMatchObject([{ Sid: "partner", Principal: "*" }]);
  expect(present).toEqual({});
  expect(await permission.read()).toBeUndefined();
});

test("a policy of a bus admits nobody here", async () => {
  // Prepare
  const bus = await createBus({ name: "with-policy" });

  // Act
  const policy = await stack.create<aws.cloudwatch.EventBusPolicyArgs>(
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    { eventBusName: bus.id, policy: "{}" },
  );
  const present = await policy.read();
  const { Policy } = await eventbridge().send(new DescribeEventBusCommand({ Name: bus.id }));
  await policy.update({ policy: '{"Version":"2012-10-17"}' });
  await policy.delete();
  await bus.delete();

  // Assess
  expect(policy.id).toBe("with-policy");
  expect(present).toEqual({});
  expect(Policy).toBeUndefined();
  expect(await policy.read()).toBeUndefined();
});
