import {
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  type QueueAttributeName,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import { sqs } from "../../../local/aws/sqs";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(sqs);
});

afterAll(() => stack.stop());

const createQueue = (inputs: Inputs<aws.sqs.QueueArgs>) =>
  stack.create<aws.sqs.QueueArgs>("aws:sqs/queue:Queue", inputs);

async function attribute(url: string, name: QueueAttributeName): Promise<string | undefined> {
  const get = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] });
  return (await stack.cloud.client(SQSClient).send(get)).Attributes?.[name];
}

async function tags(url: string) {
  return (await stack.cloud.client(SQSClient).send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags;
}

test("a queue lives from creation to deletion", async () => {
  // Prepare
  const queue = await createQueue({ name: "life", visibilityTimeoutSeconds: 60, tags: { a: "1", b: "2" } });
  const created = await attribute(queue.id, "VisibilityTimeout");

  // Act
  await queue.update({ visibilityTimeoutSeconds: undefined, delaySeconds: 5, tags: { b: "3" } });
  const updated = {
    visibility: await attribute(queue.id, "VisibilityTimeout"),
    delay: await attribute(queue.id, "DelaySeconds"),
    tags: await tags(queue.id),
    read: await queue.read(),
  };
  await queue.delete();
  await queue.delete();

  // Assess
  expect(created).toBe("60");
  expect(queue.outputs).toMatchObject({
    arn: "arn:aws:sqs:us-east-1:000000000000:life",
    url: queue.id,
    messageRetentionSeconds: 345600,
  });
  expect(updated).toEqual({ visibility: "30", delay: "5", tags: { b: "3" }, read: {} });
  expect(await queue.read()).toBeUndefined();
});

test("a FIFO queue gets its suffix", async () => {
  // Act
  const queue = await createQueue({ fifoQueue: true, contentBasedDeduplication: true });

  // Assess
  expect(queue.outputs.name).toMatch(/\.fifo$/);
  expect(await attribute(queue.id, "ContentBasedDeduplication")).toBe("true");
});

test("a queue that an interrupted run left is replaced", async () => {
  // Prepare
  await createQueue({ name: "left", delaySeconds: 1 });

  // Act
  const queue = await createQueue({ name: "left", delaySeconds: 2 });

  // Assess
  expect(await attribute(queue.id, "DelaySeconds")).toBe("2");
});

test("policies of a queue come and go apart from it", async () => {
  // Prepare
  const deadLetters = await createQueue({ name: "dead-letters" });
  const queue = await createQueue({ name: "source" });
  const redrive = (maxReceiveCount: number) =>
    JSON.stringify({ deadLetterTargetArn: deadLetters.outputs.arn, maxReceiveCount });
  const policy = { Version: "2012-10-17" as const, Statement: [] };

  // Act
  const access = await stack.create<aws.sqs.QueuePolicyArgs>("aws:sqs/queuePolicy:QueuePolicy", {
    queueUrl: queue.id,
    policy,
  });
  const redriving = await stack.create<aws.sqs.RedrivePolicyArgs>("aws:sqs/redrivePolicy:RedrivePolicy", {
    queueUrl: queue.id,
    redrivePolicy: redrive(3),
  });
  const allowing = await stack.create<aws.sqs.RedriveAllowPolicyArgs>(
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
    { queueUrl: deadLetters.id, redriveAllowPolicy: JSON.stringify({ redrivePermission: "allowAll" }) },
  );
  await redriving.update({ redrivePolicy: redrive(5) });
  await queue.update({ delaySeconds: 1 });
  const present = {
    access: await attribute(queue.id, "Policy"),
    redriving: await attribute(queue.id, "RedrivePolicy"),
    allowing: await allowing.read(),
  };
  await access.delete();
  await redriving.delete();

  // Assess
  expect(access.outputs.policy).toBe(JSON.stringify(policy));
  expect(present).toEqual({ access: JSON.stringify(policy), redriving: redrive(5), allowing: {} });
  expect([await access.read(), await redriving.read()]).toEqual([undefined, undefined]);
});
