import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { onlyByTls, policyDocument, type Statement } from "./iam";

/** An AWS service that sends in its own name, and what it does so for, such as a rule or a topic. */
export interface Sender {
  /** Such as `events.amazonaws.com`. */
  readonly service: string;
  /** @default anything of the own account */
  readonly sourceArn?: pulumi.Input<string>;
}

/** What the policy of a queue or topic is made of. */
interface Receiver {
  readonly arn: pulumi.Output<string>;
  readonly action: "sqs:SendMessage" | "sns:Publish";
  readonly senders: readonly Sender[];
}

/** A queue that is encrypted, takes TLS only, and of services only those named. */
export function createQueue(
  name: string,
  args: Omit<aws.sqs.QueueArgs, "policy" | "sqsManagedSseEnabled">,
  senders: readonly Sender[],
  opts: pulumi.CustomResourceOptions,
): aws.sqs.Queue {
  const queue = new aws.sqs.Queue(name, { ...args, sqsManagedSseEnabled: true }, opts);
  new aws.sqs.QueuePolicy(
    `${name}-policy`,
    { queueUrl: queue.url, policy: policyOf({ arn: queue.arn, action: "sqs:SendMessage", senders }) },
    opts,
  );
  return queue;
}

/**
 * A topic that takes TLS only, and of services only those named. Lambda and CloudWatch cannot publish to a topic
 * under SNS's own KMS key; what the topic holds until it is delivered lies on encrypted disks without one.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-data-encryption.html
 */
export function createTopic(
  name: string,
  senders: readonly Sender[],
  opts: pulumi.CustomResourceOptions,
): aws.sns.Topic {
  const topic = new aws.sns.Topic(name, {}, opts);
  new aws.sns.TopicPolicy(
    `${name}-policy`,
    { arn: topic.arn, policy: policyOf({ arn: topic.arn, action: "sns:Publish", senders }) },
    opts,
  );
  return topic;
}

function policyOf({ arn, action, senders }: Receiver): pulumi.Output<string> {
  const allowed = senders.map(
    ({ service: Service, sourceArn }): Statement => ({
      Effect: "Allow",
      Principal: { Service },
      Action: [action],
      Resource: arn,
      Condition:
        sourceArn === undefined
          ? { StringEquals: { "aws:SourceAccount": arn.apply(accountOf) } }
          : { ArnEquals: { "aws:SourceArn": sourceArn } },
    }),
  );
  // A topic's policy may not name all of SNS's actions.
  return policyDocument([onlyByTls(action === "sqs:SendMessage" ? "sqs:*" : action, arn), ...allowed]);
}

const accountOf = (arn: string) => `${arn.split(":")[4]}`;

/** Delivers what a topic gets to a queue, as it was published; what cannot be delivered goes to `lost`. */
export function subscribe(
  name: string,
  topic: aws.sns.Topic,
  queue: aws.sqs.Queue,
  lost: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
  filter?: Readonly<Record<string, unknown>>,
): aws.sns.TopicSubscription {
  return new aws.sns.TopicSubscription(
    `${name}-subscription`,
    {
      topic: topic.arn,
      protocol: "sqs",
      endpoint: queue.arn,
      rawMessageDelivery: true,
      filterPolicy: filter && JSON.stringify(filter),
      redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: lost }),
    },
    opts,
  );
}
