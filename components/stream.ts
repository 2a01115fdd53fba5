import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import type { Handler } from "./closure/capture";
import type { DeadLetters } from "./dead-letters";
import type { FunctionOptions, LambdaFunction } from "./function";
import { checkRange } from "./range";
import { bind } from "./sdk/bind";
import { type StreamClient, streamMethods } from "./sdk/kinesis";
import { createStreamConsumer } from "./stream-consumer";

export interface StreamArgs {
  /** How long a record can be read, 24–8760. @default 24 */
  readonly retentionHours?: number;
}

export interface OnRecordsOptions {
  readonly deadLetters: DeadLetters;
  /**
   * Only records that match one of these event filter patterns reach the handler; `data` is looked into where it is
   * JSON. @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
   */
  readonly filters?: readonly object[];
  /** Records per invocation, 1–10000. @default 100 */
  readonly batchSize?: number;
  /** How long records may wait for others to fill their batch, 0–300. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /** Batches of one shard that run beside each other, each partition key in one of them, 1–10. @default 1 */
  readonly parallelizationFactor?: number;
  /** Retries of a failing batch, each on half of it, 0–10000. @default 5 */
  readonly retries?: number;
  /** A record older than this is tried no more, so that it cannot hold up later ones; 60–604800. @default 3600 */
  readonly maximumRecordAgeSeconds?: number;
  readonly function?: FunctionOptions;
}

/** A function that a stream calls. It answers the first record that failed, or throws for the whole batch. */
export type RecordsHandler = Handler<KinesisStreamEvent, KinesisStreamBatchResponse>;

/**
 * A Kinesis data stream: on demand, and encrypted with the key that AWS keeps for Kinesis, which costs nothing and
 * asks for no rights of those who write and read. `sdk` is what callbacks call.
 */
export class Stream extends pulumi.ComponentResource {
  readonly sdk: StreamClient;
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly nodes: { readonly stream: aws.kinesis.Stream };

  constructor(
    private readonly logicalName: string,
    args: StreamArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { retentionHours = 24 } = args;
    checkRange(logicalName, "retentionHours", retentionHours, 24, 8760);
    super("gallery:messaging:Stream", logicalName, {}, opts);
    const stream = new aws.kinesis.Stream(
      logicalName,
      {
        streamModeDetails: { streamMode: "ON_DEMAND" },
        encryptionType: "KMS",
        kmsKeyId: "alias/aws/kinesis",
        retentionPeriod: retentionHours,
      },
      { parent: this },
    );
    this.sdk = bind(streamMethods, {
      owner: `stream "${logicalName}"`,
      name: logicalName,
      arn: stream.arn,
      target: { StreamName: stream.name },
    });
    this.arn = stream.arn;
    this.name = stream.name;
    this.nodes = { stream };
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  /**
   * Calls the handler with records, in order for each partition key. A failing batch is halved and retried; what
   * still fails goes to the dead letters `<stream>-<name>-failed`, and later records go on.
   */
  onRecords(
    name: string,
    handler: RecordsHandler,
    options: OnRecordsOptions,
  ): LambdaFunction<KinesisStreamEvent, KinesisStreamBatchResponse> {
    const { maximumBatchingWindowSeconds = 0, parallelizationFactor = 1 } = options;
    const fullName = `${this.logicalName}-${name}`;
    checkRange(fullName, "maximumBatchingWindowSeconds", maximumBatchingWindowSeconds, 0, 300);
    checkRange(fullName, "parallelizationFactor", parallelizationFactor, 1, 10);
    return createStreamConsumer(
      fullName,
      {
        arn: this.arn,
        // https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html, without a consumer's own.
        actions: [
          "kinesis:DescribeStream",
          "kinesis:DescribeStreamSummary",
          "kinesis:GetRecords",
          "kinesis:GetShardIterator",
          "kinesis:ListShards",
        ],
        maximumBatchingWindowInSeconds: maximumBatchingWindowSeconds,
        parallelizationFactor,
      },
      handler,
      options,
      { parent: this },
    );
  }
}
