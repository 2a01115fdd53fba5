import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Handler } from "./closure/capture";
import type { DeadLetters } from "./dead-letters";
import { type FunctionOptions, LambdaFunction } from "./function";
import { type QueueHandler, queueHandler } from "./message-handler";
import { createQueue, type Sender } from "./messaging";
import { checkRange } from "./range";
import { bind } from "./sdk/bind";
import { type QueueClient, queueMethods } from "./sdk/sqs";

export interface QueueArgs {
  readonly deadLetters: DeadLetters;
  /**
   * Called with each message; one that it throws for is tried again, alone. As `{ batch }` it is called with all
   * messages of an invocation at once, and says which of them failed.
   */
  readonly handler: QueueHandler;
  /** Services that send to the queue in their own name, such as a topic. @default none */
  readonly senders?: readonly Sender[];
  /**
   * Retries of a message after the first attempt, 0–999, with pauses that double from 2 s to 15 minutes; then it goes to
   * the dead letters. @default 2
   */
  readonly retries?: number;
  /** Messages per invocation, 1–10000; above 10 with a batching window of 1 s or more. @default 1 */
  readonly batchSize?: number;
  /** How long messages may wait for others to fill their batch, 0–300. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /** How many of the function may run at once, 2–1000. @default as many as Lambda starts */
  readonly maximumConcurrency?: number;
  /** How long a message stays that nobody takes, 1–14; in the dead letters it stays 14. @default 4 */
  readonly retentionDays?: number;
  readonly function?: FunctionOptions;
}

/**
 * A message stays hidden for as many times what its function may take, and for the batching window.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const visibilityFactor = 6;
/**
 * Above this size Lambda takes no batch without a window.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
const largestWindowless = 10;
const daySeconds = 86_400;

/** A queue's batches are larger than Lambda gathers without a batching window. */
export class WindowMissing extends pulumi.RunError {
  constructor(name: string, batchSize: number) {
    super(
      `${name}: batchSize is ${batchSize} and maximumBatchingWindowSeconds is 0; Lambda gathers more than ` +
        `${largestWindowless} messages only within a window: set maximumBatchingWindowSeconds to 1 or more`,
    );
  }
}

/**
 * A queue and the function that works it off, message by message or in batches. A message leaves the queue when the
 * function has done it; one that fails comes back after a pause that doubles, and ends in the dead letters
 * `<queue>-failed`.
 */
export class Queue extends pulumi.ComponentResource {
  readonly sdk: QueueClient;
  readonly arn: pulumi.Output<string>;
  readonly nodes: {
    readonly queue: aws.sqs.Queue;
    readonly function: LambdaFunction<SQSEvent, SQSBatchResponse>;
    readonly deadLetterQueueArn: pulumi.Output<string>;
  };

  constructor(name: string, args: QueueArgs, opts?: pulumi.ComponentResourceOptions) {
    const { retries = 2, batchSize = 1, maximumConcurrency, senders = [] } = args;
    const { maximumBatchingWindowSeconds = 0, retentionDays = 4 } = args;
    const { timeoutSeconds = 10 } = args.function ?? {};
    checkRange(name, "retries", retries, 0, 999);
    checkRange(name, "batchSize", batchSize, 1, 10_000);
    checkRange(name, "maximumBatchingWindowSeconds", maximumBatchingWindowSeconds, 0, 300);
    checkRange(name, "retentionDays", retentionDays, 1, 14);
    if (batchSize > largestWindowless && maximumBatchingWindowSeconds === 0) {
      throw new WindowMissing(name, batchSize);
    }
    if (maximumConcurrency !== undefined) {
      checkRange(name, "maximumConcurrency", maximumConcurrency, 2, 1000);
    }
    super("gallery:messaging:Queue", name, {}, opts);
    const parent = { parent: this };
    // SQS needs no leave to move a message there; who sends to the queue leaves there what it cannot deliver.
    const deadLetters = args.deadLetters.queue(name, senders, parent);
    const queue = createQueue(
      name,
      {
        visibilityTimeoutSeconds: visibilityFactor * timeoutSeconds + maximumBatchingWindowSeconds,
        messageRetentionSeconds: retentionDays * daySeconds,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: deadLetters.queueArn,
          maxReceiveCount: retries + 1,
        }),
      },
      senders,
      parent,
    );
    this.sdk = bind(queueMethods, {
      owner: `queue "${name}"`,
      name,
      arn: queue.arn,
      target: { QueueUrl: queue.url },
    });
    const fn = createFunction(queueHandler(this.sdk, args.handler));
    createMapping();
    this.arn = queue.arn;
    this.nodes = { queue, function: fn, deadLetterQueueArn: deadLetters.queueArn };
    this.registerOutputs({ arn: this.arn });

    function createFunction(handler: Handler<SQSEvent, SQSBatchResponse>) {
      return new LambdaFunction(
        name,
        {
          ...args.function,
          handler,
          statements: [
            {
              Effect: "Allow",
              Action: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
              Resource: queue.arn,
            },
          ],
        },
        parent,
      );
    }

    function createMapping() {
      return new aws.lambda.EventSourceMapping(
        `${name}-messages`,
        {
          eventSourceArn: queue.arn,
          functionName: fn.arn,
          batchSize,
          maximumBatchingWindowInSeconds: maximumBatchingWindowSeconds,
          functionResponseTypes: ["ReportBatchItemFailures"],
          scalingConfig: maximumConcurrency === undefined ? undefined : { maximumConcurrency },
        },
        { ...parent, dependsOn: [fn.nodes.policy] },
      );
    }
  }
}
