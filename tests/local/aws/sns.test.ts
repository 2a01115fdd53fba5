import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  PublishCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import { sns } from "../../../local/aws/sns";
import { sqs } from "../../../local/aws/sqs";
import type { Inputs } from "../../../local/engine/resource";
import { type Deployed, Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(sns, sqs);
});

afterAll(() => stack.stop());

const client = () => stack.cloud.client(SNSClient);

const createTopic = (inputs: Inputs<aws.sns.TopicArgs>) =>
  stack.create<aws.sns.TopicArgs>("aws:sns/topic:Topic", inputs);

const subscribe = (inputs: Inputs<aws.sns.TopicSubscriptionArgs>) =>
  stack.create<aws.sns.TopicSubscriptionArgs>("aws:sns/topicSubscription:TopicSubscription", inputs);

/** A queue that takes messages of the topic. */
async function createQueue(name: string, topicArn: string): Promise<Deployed<aws.sqs.QueueArgs>> {
  const queue = await stack.create<aws.sqs.QueueArgs>("aws:sqs/queue:Queue", { name });
  await stack.create<aws.sqs.QueuePolicyArgs>("aws:sqs/queuePolicy:QueuePolicy", {
    queueUrl: queue.id,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queue.outputs.arn,
          Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
        },
      ],
    }),
  });
  return queue;
}

async function attributes(TopicArn: string) {
  return (await client().send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {};
}

async function subscriptionAttributes(SubscriptionArn: string) {
  const get = new GetSubscriptionAttributesCommand({ SubscriptionArn });
  return (await client().send(get)).Attributes ?? {};
}

/** Publishes a message of a kind; answers the bodies that the queue then holds. */
async function publish(TopicArn: string, kind: string, queue: string): Promise<(string | undefined)[]> {
  const MessageAttributes = { kind: { DataType: "String", StringValue: kind } };
  await client().send(new PublishCommand({ TopicArn, Message: `{"kind":"${kind}"}`, MessageAttributes }));
  const sqsClient = stack.cloud.client(SQSClient);
  const receive = new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10 });
  const { Messages = [] } = await sqsClient.send(receive);
  if (Messages.length > 0) {
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqsClient.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }));
  }
  return Messages.map(({ Body }) => Body);
}

test("a topic lives from creation to deletion", async () => {
  // Prepare
  const topic = await createTopic({
    name: "life",
    displayName: "Life",
    kmsMasterKeyId: "alias/aws/sns",
    tracingConfig: "Active",
    policy: '{"Version":"2012-10-17","Statement":[]}',
    tags: { a: "1", b: "2" },
  });
  const created = await attributes(topic.id);

  // Act
  await topic.update({
    displayName: "Changed",
    kmsMasterKeyId: undefined,
    policy: undefined,
    tracingConfig: undefined,
    tags: { b: "3" },
  });
  const updated = await attributes(topic.id);
  const { Tags } = await client().send(new ListTagsForResourceCommand({ ResourceArn: topic.id }));
  await topic.delete();
  await topic.delete();

  // Assess
  expect(topic.id).toBe("arn:aws:sns:us-east-1:000000000000:life");
  expect(topic.outputs).toMatchObject({ arn: topic.id, owner: "000000000000", tracingConfig: "Active" });
  expect(created).toMatchObject({
    DisplayName: "Life",
    KmsMasterKeyId: "alias/aws/sns",
    Policy: '{"Version":"2012-10-17","Statement":[]}',
    TracingConfig: "Active",
  });
  expect(updated).toMatchObject({ DisplayName: "Changed", KmsMasterKeyId: "", TracingConfig: "PassThrough" });
  expect(JSON.parse(updated.Policy ?? "")).toMatchObject({
    Statement: [{ Condition: { StringEquals: { "AWS:SourceOwner": "000000000000" } } }],
  });
  expect(Tags).toEqual([{ Key: "b", Value: "3" }]);
  expect(await topic.read()).toBeUndefined();
});

test("a FIFO topic gets its suffix", async () => {
  // Act
  const topic = await createTopic({ fifoTopic: true, contentBasedDeduplication: true });

  // Assess
  expect(topic.outputs.name).toMatch(/\.fifo$/);
  expect(await attributes(topic.id)).toMatchObject({ FifoTopic: "true", ContentBasedDeduplication: "true" });
});

test("a topic's policy comes and goes apart from it", async () => {
  // Prepare
  const topic = await createTopic({ name: "guarded" });
  const before = JSON.parse((await attributes(topic.id)).Policy ?? "");
  const policy = (sid: string) => ({
    Version: "2012-10-17" as const,
    Statement: [
      { Sid: sid, Effect: "Allow" as const, Principal: "*", Action: "sns:Publish", Resource: topic.id },
    ],
  });

  // Act
  const guard = await stack.create<aws.sns.TopicPolicyArgs>("aws:sns/topicPolicy:TopicPolicy", {
    arn: topic.id,
    policy: policy("first"),
  });
  await guard.update({ policy: JSON.stringify(policy("second")) });
  await topic.update({ displayName: "Guarded" });
  const guarded = JSON.parse((await attributes(topic.id)).Policy ?? "");
  await guard.delete();
  const after = JSON.parse((await attributes(topic.id)).Policy ?? "");
  await topic.delete();
  await guard.delete();

  // Assess
  expect(guarded).toEqual(policy("second"));
  expect(after.Statement[0].Condition).toEqual(before.Statement[0].Condition);
  expect(guard).toMatchObject({ id: topic.id, outputs: { policy: JSON.stringify(policy("first")) } });
});

test("a subscription filters, and stops to when it is told to", async () => {
  // Prepare
  const topic = await createTopic({ name: "news" });
  const queue = await createQueue("news", topic.id);
  const subscription = await subscribe({
    topic: topic.id,
    protocol: "sqs",
    endpoint: String(queue.outputs.arn),
    filterPolicy: '{"kind":["good"]}',
    filterPolicyScope: "MessageBody",
    rawMessageDelivery: true,
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.outputs.arn }),
  });

  // Act
  const created = await subscriptionAttributes(subscription.id);
  const bad = await publish(topic.id, "bad", queue.id);
  const good = await publish(topic.id, "good", queue.id);
  await subscription.update({
    filterPolicy: undefined,
    filterPolicyScope: undefined,
    rawMessageDelivery: undefined,
    redrivePolicy: undefined,
  });
  const updated = await subscriptionAttributes(subscription.id);
  const [unfiltered = "{}"] = await publish(topic.id, "bad", queue.id);
  await subscription.delete();
  await subscription.delete();
  const unsubscribed = await publish(topic.id, "good", queue.id);

  // Assess
  expect(subscription.outputs).toMatchObject({
    arn: subscription.id,
    filterPolicyScope: "MessageBody",
    pendingConfirmation: false,
  });
  expect(created).toMatchObject({ RedrivePolicy: `{"deadLetterTargetArn":"${queue.outputs.arn}"}` });
  expect([bad, good]).toEqual([[], ['{"kind":"good"}']]);
  expect(updated).toMatchObject({ FilterPolicyScope: "MessageAttributes", RedrivePolicy: "" });
  expect(JSON.parse(unfiltered)).toMatchObject({ Type: "Notification", Message: '{"kind":"bad"}' });
  expect(unsubscribed).toEqual([]);
  expect(await subscription.read()).toBeUndefined();
});

test("what an interrupted run left is replaced", async () => {
  // Prepare
  const old = await createTopic({ name: "left", displayName: "Old" });
  const queue = await createQueue("left", old.id);
  const endpoint = { topic: old.id, protocol: "sqs", endpoint: String(queue.outputs.arn) };
  await subscribe({ ...endpoint, rawMessageDelivery: true });

  // Act
  const again = await subscribe(endpoint);
  const resubscribed = await subscriptionAttributes(again.id);
  const topic = await createTopic({ name: "left" });

  // Assess
  const list = new ListSubscriptionsByTopicCommand({ TopicArn: topic.id });
  expect(resubscribed.RawMessageDelivery).toBe("false");
  expect((await client().send(list)).Subscriptions).toEqual([]);
  expect((await attributes(topic.id)).DisplayName).toBe("");
});

test("an endpoint that would have to confirm is refused", async () => {
  // Prepare
  const topic = await createTopic({ name: "web" });

  // Act
  const subscription = subscribe({ topic: topic.id, protocol: "https", endpoint: "https://example.com" });

  // Assess
  await expect(subscription).rejects.toThrow("subscribe a queue or a function");
});
