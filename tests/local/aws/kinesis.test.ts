import {
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  ListTagsForStreamCommand,
  PutRecordCommand,
} from "@aws-sdk/client-kinesis";
import type * as aws from "@pulumi/aws";
import { kinesis } from "../../../local/aws/kinesis";
import { Http1KinesisClient } from "../../../local/aws/kinesis-client";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(kinesis);
});

afterAll(() => stack.stop());

const client = () => stack.cloud.client(Http1KinesisClient);

const createStream = (inputs: Inputs<aws.kinesis.StreamArgs>) =>
  stack.create<aws.kinesis.StreamArgs>("aws:kinesis/stream:Stream", inputs);

const createConsumer = (inputs: Inputs<aws.kinesis.StreamConsumerArgs>) =>
  stack.create<aws.kinesis.StreamConsumerArgs>("aws:kinesis/streamConsumer:StreamConsumer", inputs);

async function stateOf(StreamName: string) {
  const { StreamDescriptionSummary: found } = await client().send(
    new DescribeStreamSummaryCommand({ StreamName }),
  );
  const { Tags } = await client().send(new ListTagsForStreamCommand({ StreamName }));
  const { Shards = [] } = await client().send(new ListShardsCommand({ StreamName }));
  return {
    arn: found?.StreamARN,
    hours: found?.RetentionPeriodHours,
    encryption: found?.EncryptionType,
    key: found?.KeyId,
    mode: found?.StreamModeDetails?.StreamMode,
    shards: Shards.length,
    tags: Tags,
  };
}

test("a stream lives from creation to deletion", async () => {
  // Prepare
  const encrypted = { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" };
  const stream = await createStream({
    name: "views",
    streamModeDetails: { streamMode: "ON_DEMAND" },
    retentionPeriod: 48,
    shardLevelMetrics: ["IncomingBytes"],
    tags: { a: "1", b: "2" },
    ...encrypted,
  });
  const created = await stateOf("views");

  // Act
  await stream.update({ retentionPeriod: 36, shardLevelMetrics: ["OutgoingBytes"], tags: { b: "3" } });
  const updated = await stateOf("views");
  await stream.update({ retentionPeriod: undefined, encryptionType: undefined, kmsKeyId: undefined });
  const bare = await stateOf("views");
  await stream.update(encrypted);
  const again = await stateOf("views");
  const present = await stream.read();
  await stream.delete();
  await stream.delete();

  // Assess
  const arn = "arn:aws:kinesis:us-east-1:000000000000:stream/views";
  expect(stream.id).toBe(arn);
  expect(stream.outputs).toMatchObject({ arn, name: "views", encryptionType: "KMS", retentionPeriod: 48 });
  expect(created).toEqual({
    arn,
    hours: 48,
    encryption: "KMS",
    key: "alias/aws/kinesis",
    mode: "ON_DEMAND",
    shards: 4,
    tags: [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ],
  });
  expect(updated).toMatchObject({ hours: 36, encryption: "KMS", tags: [{ Key: "b", Value: "3" }] });
  expect(bare).toMatchObject({ hours: 24, encryption: "NONE", key: undefined });
  expect(again).toMatchObject({ encryption: "KMS", key: "alias/aws/kinesis" });
  expect(present).toEqual({});
  expect(await stream.read()).toBeUndefined();
});

test("a provisioned stream has the shards it asks for, and keeps what is put into them", async () => {
  // Prepare
  const StreamName = "clicks";
  const stream = await createStream({ name: StreamName, shardCount: 2 });
  const before = await stateOf(StreamName);

  // Act
  const put = new PutRecordCommand({ StreamName, PartitionKey: "p", Data: Buffer.from("word") });
  const { ShardId } = await client().send(put);
  const start = { StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
  const { ShardIterator } = await client().send(new GetShardIteratorCommand(start));
  const { Records } = await client().send(new GetRecordsCommand({ ShardIterator }));
  await stream.update({ shardCount: 3 });
  const after = await stateOf(StreamName);
  await stream.delete();

  // Assess
  expect(Records?.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(["word"]);
  expect([before, after]).toMatchObject([
    { mode: "PROVISIONED", shards: 2, encryption: "NONE" },
    { mode: "PROVISIONED", shards: 3 },
  ]);
});

test("a stream that an interrupted run left is made anew", async () => {
  // Prepare
  await createStream({ name: "left", shardCount: 1 });

  // Act
  const stream = await createStream({ name: "left", shardCount: 2 });

  // Assess
  expect(await stateOf("left")).toMatchObject({ shards: 2 });
  await stream.delete();
});

test("a consumer lives from creation to deletion, also where an interrupted run left it", async () => {
  // Prepare
  const stream = await createStream({ name: "heard", shardCount: 1 });
  const streamArn = String(stream.outputs.arn);
  await createConsumer({ name: "count", streamArn });

  // Act
  const consumer = await createConsumer({ name: "count", streamArn });
  const present = await consumer.read();
  const { ConsumerDescription } = await client().send(
    new DescribeStreamConsumerCommand({ ConsumerARN: consumer.id }),
  );
  await consumer.delete();
  await consumer.delete();

  // Assess
  expect(consumer.id).toMatch(/:stream\/heard\/consumer\/count:\d+$/);
  expect(consumer.outputs).toMatchObject({ arn: consumer.id, name: "count", streamArn });
  expect(ConsumerDescription).toMatchObject({ ConsumerName: "count", StreamARN: streamArn });
  expect(present).toMatchObject({ arn: consumer.id });
  expect(await consumer.read()).toBeUndefined();
  await stream.delete();
});
