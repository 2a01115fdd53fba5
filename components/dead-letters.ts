import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./iam";
import { createQueue, createTopic, type Sender, subscribe } from "./messaging";

/** AWS's longest retention of a message. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const longestRetentionSeconds = 1_209_600;

export interface DeadLettersArgs {
  /** Gets a mail for each alarm, once its owner has confirmed. @default nobody */
  readonly email?: string;
}

/**
 * Where everything ends that could not be processed. Each asynchronous function and each queue has a path of its
 * own, with an alarm while anything lies there. All alarms tell one topic, which keeps them in a queue of notices
 * and mails them.
 */
export class DeadLetters extends pulumi.ComponentResource {
  readonly nodes: {
    /** Told of every alarm: who wants to know of failures subscribes to it. */
    readonly alarms: aws.sns.Topic;
    readonly notices: aws.sqs.Queue;
    /** What a topic of dead letters, or of alarms, could not deliver to its queue. */
    readonly lost: aws.sqs.Queue;
  };

  constructor(name: string, args: DeadLettersArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:messaging:DeadLetters", name, {}, opts);
    const parent = { parent: this };
    const alarms = createTopic(`${name}-alarms`, [{ service: "cloudwatch.amazonaws.com" }], parent);
    const lost = keepingQueue(`${name}-lost`, [{ service: "sns.amazonaws.com" }], parent);
    createAlarm(`${name}-lost`, messagesIn(`${name}-lost`, lost), alarms, parent);
    const notices = keepingQueue(
      `${name}-notices`,
      [{ service: "sns.amazonaws.com", sourceArn: alarms.arn }],
      parent,
    );
    subscribe(`${name}-notices`, alarms, notices, lost.arn, parent);
    if (args.email !== undefined) {
      new aws.sns.TopicSubscription(
        `${name}-email`,
        { topic: alarms.arn, protocol: "email", endpoint: args.email },
        parent,
      );
    }
    this.nodes = { alarms, notices, lost };
    this.registerOutputs({ alarms: alarms.arn });
  }

  /**
   * For what names a topic as its failure destination, as functions and stream mappings do: topic → queue, named
   * `<source>-failed`.
   * @param senders services that put messages into the queue in their own name, such as a rule
   */
  path(source: string, senders: readonly Sender[], opts: pulumi.ComponentResourceOptions): DeadLetterPath {
    return new DeadLetterPath(`${source}-failed`, { ...this.nodes, senders }, opts);
  }

  /** For what can only name a queue, as queues and subscriptions do: the queue `<source>-failed`. */
  queue(source: string, senders: readonly Sender[], opts: pulumi.ComponentResourceOptions): DeadLetterQueue {
    return new DeadLetterQueue(`${source}-failed`, { alarms: this.nodes.alarms, senders }, opts);
  }

  /** For what fails without a message to keep, as executions do: the alarm `<name>-alarm` while any is counted. */
  alarm(name: string, failures: Failures, opts: pulumi.CustomResourceOptions): aws.cloudwatch.MetricAlarm {
    return createAlarm(name, { ...failures, statistic: "Sum" }, this.nodes.alarms, opts);
  }
}

/** A metric that counts what failed. */
export interface Failures {
  /** What it means that some did. */
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
}

export interface DeadLetterArgs {
  readonly alarms: aws.sns.Topic;
  /** Takes what the queue refuses. */
  readonly lost: aws.sqs.Queue;
  readonly senders: readonly Sender[];
}

/** A dead-letter queue, where messages stay for 14 days, and its alarm. */
export class DeadLetterQueue extends pulumi.ComponentResource {
  readonly queueArn: pulumi.Output<string>;
  /** What the role needs that fails to the queue. */
  readonly sendStatement: Statement;
  readonly nodes: { readonly queue: aws.sqs.Queue; readonly alarm: aws.cloudwatch.MetricAlarm };

  constructor(name: string, args: Omit<DeadLetterArgs, "lost">, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:messaging:DeadLetterQueue", name, {}, opts);
    const parent = { parent: this };
    const queue = keepingQueue(name, args.senders, parent);
    const alarm = createAlarm(name, messagesIn(name, queue), args.alarms, parent);
    this.queueArn = queue.arn;
    this.sendStatement = { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: queue.arn };
    this.nodes = { queue, alarm };
    this.registerOutputs({ queueArn: this.queueArn });
  }
}

/** A dead-letter queue with a topic before it, so that others may listen to what fails. */
export class DeadLetterPath extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  readonly queueArn: pulumi.Output<string>;
  /** What the role needs that fails to the topic. */
  readonly publishStatement: Statement;
  /** What the role needs that fails to the queue. */
  readonly sendStatement: Statement;
  readonly nodes: { readonly topic: aws.sns.Topic; readonly queue: DeadLetterQueue };

  constructor(name: string, args: DeadLetterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:messaging:DeadLetterPath", name, {}, opts);
    const parent = { parent: this };
    const topic = createTopic(name, [], parent);
    const senders = [{ service: "sns.amazonaws.com", sourceArn: topic.arn }, ...args.senders];
    const queue = new DeadLetterQueue(name, { alarms: args.alarms, senders }, parent);
    subscribe(name, topic, queue.nodes.queue, args.lost.arn, parent);
    this.topicArn = topic.arn;
    this.queueArn = queue.queueArn;
    this.publishStatement = { Effect: "Allow", Action: ["sns:Publish"], Resource: topic.arn };
    this.sendStatement = queue.sendStatement;
    this.nodes = { topic, queue };
    this.registerOutputs({ topicArn: this.topicArn, queueArn: this.queueArn });
  }
}

function messagesIn(name: string, queue: aws.sqs.Queue): Failures & { readonly statistic: "Maximum" } {
  return {
    description: `Something could not be processed and lies in ${name}.`,
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.name },
    statistic: "Maximum",
  };
}

/** An alarm while the metric is above 0. */
function createAlarm(
  name: string,
  { description, ...metric }: Failures & { readonly statistic: "Maximum" | "Sum" },
  alarms: aws.sns.Topic,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${name}-alarm`,
    {
      alarmDescription: description,
      ...metric,
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [alarms.arn],
      okActions: [alarms.arn],
    },
    opts,
  );
}

function keepingQueue(name: string, senders: readonly Sender[], opts: pulumi.CustomResourceOptions) {
  return createQueue(name, { messageRetentionSeconds: longestRetentionSeconds }, senders, opts);
}
