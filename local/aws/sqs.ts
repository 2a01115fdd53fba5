import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import {
  type AnyResourceHandler,
  type Cloud,
  type Inputs,
  resource,
  type ServiceTable,
} from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { policyText } from "./request";
import { retag } from "./tags";

type Attributes = Partial<Record<QueueAttributeName, string>>;

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
const defaults = {
  DelaySeconds: "0",
  KmsDataKeyReusePeriodSeconds: "300",
  KmsMasterKeyId: "",
  MaximumMessageSize: "262144",
  MessageRetentionPeriod: "345600",
  Policy: "",
  ReceiveMessageWaitTimeSeconds: "0",
  RedriveAllowPolicy: "",
  RedrivePolicy: "",
  VisibilityTimeout: "30",
} satisfies Attributes;

function attributesOf(inputs: Inputs<aws.sqs.QueueArgs>): Attributes {
  const attributes = {
    ContentBasedDeduplication: inputs.contentBasedDeduplication,
    DeduplicationScope: inputs.deduplicationScope,
    DelaySeconds: inputs.delaySeconds,
    // AWS refuses FifoQueue=false: a standard queue is one without the attribute.
    FifoQueue: inputs.fifoQueue || undefined,
    FifoThroughputLimit: inputs.fifoThroughputLimit,
    KmsDataKeyReusePeriodSeconds: inputs.kmsDataKeyReusePeriodSeconds,
    KmsMasterKeyId: inputs.kmsMasterKeyId,
    // The provider always states this one: AWS itself would allow 1 MiB.
    MaximumMessageSize: inputs.maxMessageSize ?? defaults.MaximumMessageSize,
    MessageRetentionPeriod: inputs.messageRetentionSeconds,
    Policy: inputs.policy,
    ReceiveMessageWaitTimeSeconds: inputs.receiveWaitTimeSeconds,
    RedriveAllowPolicy: inputs.redriveAllowPolicy,
    RedrivePolicy: inputs.redrivePolicy,
    SqsManagedSseEnabled: inputs.sqsManagedSseEnabled,
    VisibilityTimeout: inputs.visibilityTimeoutSeconds,
  } satisfies Partial<Record<QueueAttributeName, unknown>>;
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

async function readAttributes(url: string, cloud: Cloud): Promise<Attributes | undefined> {
  const sqs = cloud.client(SQSClient);
  const answer = await ifPresent(
    sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] })),
  );
  return answer && (answer.Attributes ?? {});
}

const queue = resource<aws.sqs.QueueArgs>({
  nameProperty: "name",
  nameSuffix: (inputs) => (inputs.fifoQueue ? ".fifo" : ""),
  replaceOn: ["name", "namePrefix", "fifoQueue"],
  outputs: (id, inputs, { region, account }) => ({
    arn: `arn:aws:sqs:${region}:${account}:${inputs.name}`,
    url: id,
    delaySeconds: inputs.delaySeconds ?? Number(defaults.DelaySeconds),
    maxMessageSize: inputs.maxMessageSize ?? Number(defaults.MaximumMessageSize),
    messageRetentionSeconds: inputs.messageRetentionSeconds ?? Number(defaults.MessageRetentionPeriod),
    receiveWaitTimeSeconds: inputs.receiveWaitTimeSeconds ?? Number(defaults.ReceiveMessageWaitTimeSeconds),
    visibilityTimeoutSeconds: inputs.visibilityTimeoutSeconds ?? Number(defaults.VisibilityTimeout),
  }),
  async create(inputs, cloud) {
    const sqs = cloud.client(SQSClient);
    const named = { QueueName: inputs.name };
    const { QueueUrl } = await createAnew(
      () =>
        sqs.send(new CreateQueueCommand({ ...named, Attributes: attributesOf(inputs), tags: inputs.tags })),
      async () => {
        const { QueueUrl } = await sqs.send(new GetQueueUrlCommand(named));
        return sqs.send(new DeleteQueueCommand({ QueueUrl }));
      },
    );
    return { id: QueueUrl ?? "" };
  },
  async read(id, _inputs, cloud) {
    return (await readAttributes(id, cloud)) && {};
  },
  async update(id, inputs, old, cloud) {
    const sqs = cloud.client(SQSClient);
    const had = attributesOf(old);
    const wanted = { ...reset(had), ...attributesOf(inputs) };
    const changed = Object.entries(wanted).filter(
      ([name, value]) => had[name as QueueAttributeName] !== value,
    );
    if (changed.length > 0) {
      await sqs.send(
        new SetQueueAttributesCommand({ QueueUrl: id, Attributes: Object.fromEntries(changed) }),
      );
    }
    await retag(inputs.tags, old.tags, {
      tag: (Tags) => sqs.send(new TagQueueCommand({ QueueUrl: id, Tags })),
      untag: (TagKeys) => sqs.send(new UntagQueueCommand({ QueueUrl: id, TagKeys })),
    });
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl: id })));
  },
});

/** The defaults of the attributes that a program had set; others, such as a separate policy, are left alone. */
function reset(had: Attributes): Attributes {
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => name in had));
}

/** A resource that is one attribute of a queue: a policy of some kind. */
function queueAttribute<Args extends { queueUrl: unknown }>(
  name: QueueAttributeName,
  property: keyof Args & string,
  textOf: (inputs: Inputs<Args>) => string,
): AnyResourceHandler {
  const set = (url: string, value: string, cloud: Cloud) =>
    cloud
      .client(SQSClient)
      .send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { [name]: value } }));
  return resource<Args>({
    replaceOn: ["queueUrl"],
    outputs: (_id, inputs) => ({ [property]: textOf(inputs) }),
    async create(inputs, cloud) {
      const id = String(inputs.queueUrl);
      await set(id, textOf(inputs), cloud);
      return { id };
    },
    async read(id, _inputs, cloud) {
      const attributes = await readAttributes(id, cloud);
      return attributes?.[name] ? {} : undefined;
    },
    async update(id, inputs, _old, cloud) {
      await set(id, textOf(inputs), cloud);
      return {};
    },
    async delete(id, _inputs, cloud) {
      await ifPresent(set(id, "", cloud));
    },
  });
}

export const sqs: ServiceTable = {
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": queueAttribute<aws.sqs.QueuePolicyArgs>(
    "Policy",
    "policy",
    ({ policy }) => policyText(policy),
  ),
  "aws:sqs/redrivePolicy:RedrivePolicy": queueAttribute<aws.sqs.RedrivePolicyArgs>(
    "RedrivePolicy",
    "redrivePolicy",
    ({ redrivePolicy }) => redrivePolicy,
  ),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": queueAttribute<aws.sqs.RedriveAllowPolicyArgs>(
    "RedriveAllowPolicy",
    "redriveAllowPolicy",
    ({ redriveAllowPolicy }) => redriveAllowPolicy,
  ),
};
