import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { ifPresent } from "./faults";
import { nameOf, policyText } from "./request";
import { type Attributes, changes, given } from "./sns-attributes";
import { subscriptions } from "./sns-subscription";
import { retag, tagList } from "./tags";

/** Who may use a topic that has no policy of its own: its account. */
function defaultPolicy(topicArn: string, { account }: Place): string {
  const actions = [
    "AddPermission",
    "DeleteTopic",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "Publish",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
  ];
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: topicArn,
        Condition: { StringEquals: { "AWS:SourceOwner": account } },
      },
    ],
  });
}

// https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
const topicDefaults: Attributes = {
  ArchivePolicy: "{}",
  ContentBasedDeduplication: "false",
  FifoThroughputScope: "Topic",
  SignatureVersion: "1",
  TracingConfig: "PassThrough",
};

function topicAttributes(inputs: Inputs<aws.sns.TopicArgs>): Attributes {
  return given({
    ApplicationFailureFeedbackRoleArn: inputs.applicationFailureFeedbackRoleArn,
    ApplicationSuccessFeedbackRoleArn: inputs.applicationSuccessFeedbackRoleArn,
    ApplicationSuccessFeedbackSampleRate: inputs.applicationSuccessFeedbackSampleRate,
    ArchivePolicy: inputs.archivePolicy,
    ContentBasedDeduplication: inputs.contentBasedDeduplication,
    DeliveryPolicy: inputs.deliveryPolicy,
    DisplayName: inputs.displayName,
    FifoThroughputScope: inputs.fifoThroughputScope,
    // AWS refuses FifoTopic=false: a standard topic is one without the attribute.
    FifoTopic: inputs.fifoTopic || undefined,
    FirehoseFailureFeedbackRoleArn: inputs.firehoseFailureFeedbackRoleArn,
    FirehoseSuccessFeedbackRoleArn: inputs.firehoseSuccessFeedbackRoleArn,
    FirehoseSuccessFeedbackSampleRate: inputs.firehoseSuccessFeedbackSampleRate,
    HTTPFailureFeedbackRoleArn: inputs.httpFailureFeedbackRoleArn,
    HTTPSuccessFeedbackRoleArn: inputs.httpSuccessFeedbackRoleArn,
    HTTPSuccessFeedbackSampleRate: inputs.httpSuccessFeedbackSampleRate,
    KmsMasterKeyId: inputs.kmsMasterKeyId,
    LambdaFailureFeedbackRoleArn: inputs.lambdaFailureFeedbackRoleArn,
    LambdaSuccessFeedbackRoleArn: inputs.lambdaSuccessFeedbackRoleArn,
    LambdaSuccessFeedbackSampleRate: inputs.lambdaSuccessFeedbackSampleRate,
    Policy: inputs.policy,
    SignatureVersion: inputs.signatureVersion,
    SQSFailureFeedbackRoleArn: inputs.sqsFailureFeedbackRoleArn,
    SQSSuccessFeedbackRoleArn: inputs.sqsSuccessFeedbackRoleArn,
    SQSSuccessFeedbackSampleRate: inputs.sqsSuccessFeedbackSampleRate,
    TracingConfig: inputs.tracingConfig,
  });
}

const setTopicAttribute = (TopicArn: string, AttributeName: string, AttributeValue: string, cloud: Cloud) =>
  cloud.client(SNSClient).send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));

async function readTopic(TopicArn: string, cloud: Cloud): Promise<Attributes | undefined> {
  const get = new GetTopicAttributesCommand({ TopicArn });
  const answer = await ifPresent(cloud.client(SNSClient).send(get));
  return answer && (answer.Attributes ?? {});
}

function topicArn(name: string, { region, account }: Place): string {
  return `arn:aws:sns:${region}:${account}:${name}`;
}

const topic = resource<aws.sns.TopicArgs>({
  nameProperty: "name",
  nameSuffix: (inputs) => (inputs.fifoTopic ? ".fifo" : ""),
  replaceOn: ["name", "namePrefix", "fifoTopic"],
  outputs: (_id, inputs, place) => ({
    arn: topicArn(nameOf(inputs), place),
    owner: place.account,
    policy: inputs.policy ?? defaultPolicy(topicArn(nameOf(inputs), place), place),
    signatureVersion: inputs.signatureVersion ?? Number(topicDefaults.SignatureVersion),
    tracingConfig: inputs.tracingConfig ?? topicDefaults.TracingConfig,
  }),
  async create(inputs, cloud) {
    const sns = cloud.client(SNSClient);
    const Name = nameOf(inputs);
    // Creating a topic again is no error, and would take up the subscriptions that an interrupted run left.
    await sns.send(new DeleteTopicCommand({ TopicArn: topicArn(Name, cloud) }));
    const { TopicArn } = await sns.send(
      new CreateTopicCommand({ Name, Attributes: topicAttributes(inputs), Tags: tagList(inputs.tags) }),
    );
    return { id: TopicArn ?? "" };
  },
  async read(id, _inputs, cloud) {
    return (await readTopic(id, cloud)) && {};
  },
  async update(id, inputs, old, cloud) {
    const sns = cloud.client(SNSClient);
    const defaults = { ...topicDefaults, Policy: defaultPolicy(id, cloud) };
    for (const [name, value] of changes(topicAttributes(inputs), topicAttributes(old), defaults)) {
      await setTopicAttribute(id, name, value, cloud);
    }
    await retag(inputs.tags, old.tags, {
      tag: (tags) => sns.send(new TagResourceCommand({ ResourceArn: id, Tags: tagList(tags) })),
      untag: (TagKeys) => sns.send(new UntagResourceCommand({ ResourceArn: id, TagKeys })),
    });
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(SNSClient).send(new DeleteTopicCommand({ TopicArn: id })));
  },
});

const topicPolicy = resource<aws.sns.TopicPolicyArgs>({
  replaceOn: ["arn"],
  outputs: (_id, inputs, { account }) => ({ owner: account, policy: policyText(inputs.policy) }),
  async create({ arn, policy }, cloud) {
    await setTopicAttribute(arn, "Policy", policyText(policy), cloud);
    return { id: arn };
  },
  async read(id, _inputs, cloud) {
    return (await readTopic(id, cloud)) && {};
  },
  async update(id, { policy }, _old, cloud) {
    await setTopicAttribute(id, "Policy", policyText(policy), cloud);
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(setTopicAttribute(id, "Policy", defaultPolicy(id, cloud), cloud));
  },
});

export const sns: ServiceTable = {
  ...subscriptions,
  "aws:sns/topic:Topic": topic,
  "aws:sns/topicPolicy:TopicPolicy": topicPolicy,
};
