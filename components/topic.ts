import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DeadLetters } from "./dead-letters";
import type { FunctionOptions } from "./function";
import type { MessageHandler } from "./message-handler";
import { createTopic, subscribe } from "./messaging";
import { Queue, type QueueArgs } from "./queue";
import { bind } from "./sdk/bind";
import { type TopicClient, topicMethods } from "./sdk/sns";

export interface TopicArgs {
  readonly deadLetters: DeadLetters;
  /** For the functions of all queues. */
  readonly functions?: FunctionOptions;
}

export interface FanOutOptions extends Pick<QueueArgs, "retries" | "batchSize" | "maximumConcurrency"> {
  /**
   * Only messages whose attributes match reach the queue.
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
   */
  readonly filter?: Readonly<Record<string, readonly unknown[]>>;
  /** For this queue's function alone, over the topic's. */
  readonly function?: FunctionOptions;
}

/** A topic that fans messages out to queues, each with a function of its own. `sdk` is what publishers call. */
export class Topic extends pulumi.ComponentResource {
  readonly sdk: TopicClient;
  readonly arn: pulumi.Output<string>;
  readonly nodes: { readonly topic: aws.sns.Topic };

  constructor(
    private readonly logicalName: string,
    private readonly args: TopicArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("gallery:messaging:Topic", logicalName, {}, opts);
    const topic = createTopic(logicalName, [], { parent: this });
    this.sdk = bind(topicMethods, {
      owner: `topic "${logicalName}"`,
      name: logicalName,
      arn: topic.arn,
      target: { TopicArn: topic.arn },
    });
    this.arn = topic.arn;
    this.nodes = { topic };
    this.registerOutputs({ arn: this.arn });
  }

  /**
   * Delivers a copy of each message to the queue `<topic>-<name>`, whose function is called with it. What cannot be
   * delivered, and what fails for good, goes to the queue's dead letters.
   */
  fanOut(name: string, handler: MessageHandler, options: FanOutOptions = {}): Queue {
    const fullName = `${this.logicalName}-${name}`;
    const { filter, function: own, ...rest } = options;
    const { deadLetters, functions } = this.args;
    const parent = { parent: this };
    const sender = { service: "sns.amazonaws.com", sourceArn: this.arn };
    const queue = new Queue(
      fullName,
      { ...rest, deadLetters, handler, senders: [sender], function: { ...functions, ...own } },
      parent,
    );
    subscribe(fullName, this.nodes.topic, queue.nodes.queue, queue.nodes.deadLetterQueueArn, parent, filter);
    return queue;
  }
}
