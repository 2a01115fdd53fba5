import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Handler } from "./closure/capture";
import type { DeadLetters } from "./dead-letters";
import { type FunctionOptions, LambdaFunction } from "./function";
import { checkRange } from "./range";

/** How a function reads a stream, of a table or of records, whatever the stream's service. */
export interface StreamConsumerOptions {
  readonly deadLetters: DeadLetters;
  readonly filters?: readonly object[];
  readonly batchSize?: number;
  readonly retries?: number;
  readonly maximumRecordAgeSeconds?: number;
  readonly function?: FunctionOptions;
}

interface StreamSource
  extends Pick<
    aws.lambda.EventSourceMappingArgs,
    "maximumBatchingWindowInSeconds" | "parallelizationFactor"
  > {
  readonly arn: pulumi.Output<string>;
  /** What Lambda does with the stream in the function's name. */
  readonly actions: readonly string[];
}

/**
 * A function that gets the records of a stream in batches, in order for each key. A failing batch is halved and retried;
 * what still fails goes to the dead letters `<name>-failed`.
 */
export function createStreamConsumer<Event, Result>(
  name: string,
  { arn, actions, ...reading }: StreamSource,
  handler: Handler<Event, Result>,
  options: StreamConsumerOptions,
  parent: pulumi.CustomResourceOptions,
): LambdaFunction<Event, Result> {
  const { filters = [], batchSize = 100, retries = 5, maximumRecordAgeSeconds = 3600 } = options;
  checkRange(name, "batchSize", batchSize, 1, 10_000);
  checkRange(name, "retries", retries, 0, 10_000);
  checkRange(name, "maximumRecordAgeSeconds", maximumRecordAgeSeconds, 60, 604_800);
  const deadLetters = options.deadLetters.path(name, [], parent);
  const fn = new LambdaFunction(
    name,
    {
      ...options.function,
      handler,
      statements: [{ Effect: "Allow", Action: actions, Resource: arn }, deadLetters.publishStatement],
    },
    parent,
  );
  new aws.lambda.EventSourceMapping(
    `${name}-stream`,
    {
      eventSourceArn: arn,
      functionName: fn.arn,
      startingPosition: "TRIM_HORIZON",
      batchSize,
      ...reading,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: retries,
      maximumRecordAgeInSeconds: maximumRecordAgeSeconds,
      functionResponseTypes: ["ReportBatchItemFailures"],
      destinationConfig: { onFailure: { destinationArn: deadLetters.topicArn } },
      filterCriteria:
        filters.length === 0
          ? undefined
          : { filters: filters.map((pattern) => ({ pattern: JSON.stringify(pattern) })) },
    },
    { ...parent, dependsOn: [fn.nodes.policy] },
  );
  return fn;
}
