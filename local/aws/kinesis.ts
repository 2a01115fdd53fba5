import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  IncreaseStreamRetentionPeriodCommand,
  RegisterStreamConsumerCommand,
  RemoveTagsFromStreamCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  UpdateShardCountCommand,
} from "@aws-sdk/client-kinesis";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { Http1KinesisClient } from "./kinesis-client";
import { nameOf, request } from "./request";
import { retag } from "./tags";

type StreamInputs = Inputs<aws.kinesis.StreamArgs>;

/** @see https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html */
const defaultRetentionHours = 24;
/** What a new stream on demand begins with. @see https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
const onDemandShards = 4;

const isOnDemand = ({ streamModeDetails }: StreamInputs) => streamModeDetails?.streamMode === "ON_DEMAND";

function shardsOf(inputs: StreamInputs): number | undefined {
  return isOnDemand(inputs) ? onDemandShards : inputs.shardCount;
}

/** What CreateStream does not take; each of it has a value, so that an update undoes what is no longer given. */
async function setUp(
  StreamName: string,
  inputs: StreamInputs,
  old: StreamInputs | undefined,
  cloud: Cloud,
): Promise<void> {
  const kinesis = cloud.client(Http1KinesisClient);
  const RetentionPeriodHours = inputs.retentionPeriod ?? defaultRetentionHours;
  const oldHours = old?.retentionPeriod ?? defaultRetentionHours;
  if (RetentionPeriodHours > oldHours) {
    await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
  } else if (RetentionPeriodHours < oldHours) {
    await kinesis.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
  }
  if (inputs.encryptionType !== old?.encryptionType || inputs.kmsKeyId !== old?.kmsKeyId) {
    const EncryptionType = "KMS";
    if (inputs.encryptionType === EncryptionType) {
      const KeyId = inputs.kmsKeyId;
      await kinesis.send(new StartStreamEncryptionCommand({ StreamName, EncryptionType, KeyId }));
    } else if (old?.encryptionType === EncryptionType) {
      const KeyId = old.kmsKeyId;
      await kinesis.send(new StopStreamEncryptionCommand({ StreamName, EncryptionType, KeyId }));
    }
  }
  const { shardLevelMetrics: metrics = [] } = inputs;
  const { shardLevelMetrics: oldMetrics = [] } = old ?? {};
  const added = metrics.filter((metric) => !oldMetrics.includes(metric));
  const removed = oldMetrics.filter((metric) => !metrics.includes(metric));
  if (removed.length > 0) {
    await kinesis.send(
      new DisableEnhancedMonitoringCommand(request({ StreamName, ShardLevelMetrics: removed })),
    );
  }
  if (added.length > 0) {
    await kinesis.send(
      new EnableEnhancedMonitoringCommand(request({ StreamName, ShardLevelMetrics: added })),
    );
  }
  await retag(inputs.tags, old?.tags, {
    tag: (Tags) => kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags })),
    untag: (TagKeys) => kinesis.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys })),
  });
}

const streamName = (arn: string) => arn.slice(arn.indexOf("/") + 1);

const stream = resource<aws.kinesis.StreamArgs>({
  nameProperty: "name",
  // The emulator cannot change a stream's mode.
  replaceOn: ["name", "streamModeDetails"],
  outputs: (_id, inputs, place) => ({
    arn: `arn:aws:kinesis:${place.region}:${place.account}:stream/${inputs.name}`,
    encryptionType: inputs.encryptionType ?? "NONE",
    retentionPeriod: inputs.retentionPeriod ?? defaultRetentionHours,
    shardCount: isOnDemand(inputs) ? 0 : inputs.shardCount,
    streamModeDetails: { streamMode: isOnDemand(inputs) ? "ON_DEMAND" : "PROVISIONED" },
  }),
  async create(inputs, cloud) {
    const kinesis = cloud.client(Http1KinesisClient);
    const StreamName = nameOf(inputs);
    const create = new CreateStreamCommand(
      request({
        StreamName,
        ShardCount: shardsOf(inputs),
        StreamModeDetails: { StreamMode: isOnDemand(inputs) ? "ON_DEMAND" : "PROVISIONED" },
      }),
    );
    await createAnew(
      () => kinesis.send(create),
      () => kinesis.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true })),
    );
    await setUp(StreamName, inputs, undefined, cloud);
    return { id: `arn:aws:kinesis:${cloud.region}:${cloud.account}:stream/${StreamName}` };
  },
  async read(id, _inputs, cloud) {
    const describe = new DescribeStreamSummaryCommand({ StreamName: streamName(id) });
    return (await ifPresent(cloud.client(Http1KinesisClient).send(describe))) && {};
  },
  async update(id, inputs, old, cloud) {
    const StreamName = streamName(id);
    const TargetShardCount = shardsOf(inputs);
    if (TargetShardCount !== shardsOf(old)) {
      const ScalingType = "UNIFORM_SCALING";
      await cloud
        .client(Http1KinesisClient)
        .send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType }));
    }
    await setUp(StreamName, inputs, old, cloud);
    return {};
  },
  async delete(id, _inputs, cloud) {
    const remove = new DeleteStreamCommand({ StreamName: streamName(id), EnforceConsumerDeletion: true });
    await ifPresent(cloud.client(Http1KinesisClient).send(remove));
  },
});

const consumer = resource<aws.kinesis.StreamConsumerArgs>({
  nameProperty: "name",
  outputs: (_id, inputs) => ({ name: inputs.name, streamArn: inputs.streamArn }),
  async create(inputs, cloud) {
    const kinesis = cloud.client(Http1KinesisClient);
    const key = { StreamARN: inputs.streamArn, ConsumerName: nameOf(inputs) };
    const { Consumer } = await createAnew(
      () => kinesis.send(new RegisterStreamConsumerCommand(key)),
      () => kinesis.send(new DeregisterStreamConsumerCommand(key)),
    );
    const arn = Consumer?.ConsumerARN ?? "";
    return {
      id: arn,
      outputs: { arn, creationTimestamp: Consumer?.ConsumerCreationTimestamp?.toISOString() },
    };
  },
  async read(id, _inputs, cloud) {
    const describe = new DescribeStreamConsumerCommand({ ConsumerARN: id });
    const found = await ifPresent(cloud.client(Http1KinesisClient).send(describe));
    const { ConsumerARN: arn, ConsumerCreationTimestamp } = found?.ConsumerDescription ?? {};
    return found && { arn, creationTimestamp: ConsumerCreationTimestamp?.toISOString() };
  },
  async delete(id, _inputs, cloud) {
    const remove = new DeregisterStreamConsumerCommand({ ConsumerARN: id });
    await ifPresent(cloud.client(Http1KinesisClient).send(remove));
  },
});

/** Data streams and their consumers. */
export const kinesis: ServiceTable = {
  "aws:kinesis/stream:Stream": stream,
  "aws:kinesis/streamConsumer:StreamConsumer": consumer,
};
