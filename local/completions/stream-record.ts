import { randomUUID } from "node:crypto";
import type { Sequenced, Span } from "./stream-batch";
import type { StreamSource } from "./stream-source";

export interface StreamRecord extends Sequenced {
  /** As the function gets it. */
  readonly event: Readonly<Record<string, unknown>>;
  /** As filter patterns see it. */
  readonly filtered: unknown;
}

/** Records that Lambda gives up, and where they are. */
export interface Discarded {
  readonly span: Span<StreamRecord>;
  readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
  /** How the last invocation failed; absent when there was none, or it reported failed items. */
  readonly functionError?: string;
}

/**
 * What the failure destination gets: where the records are, not the records.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function failureMessage(discarded: Discarded, batchInfo: StreamSource["batchInfo"]): string {
  const { span, condition, functionArn, streamArn, shardId, functionError } = discarded;
  const [first] = span.records;
  const last = span.records.at(-1);
  return JSON.stringify({
    requestContext: {
      requestId: randomUUID(),
      functionArn,
      condition,
      approximateInvokeCount: span.invocations,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: "$LATEST",
      ...(functionError && { functionError }),
    },
    version: "1.0",
    timestamp: new Date().toISOString(),
    [batchInfo]: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: span.records.length,
      streamArn,
    },
  });
}

function arrival(record: StreamRecord | undefined): string | undefined {
  return record && `${new Date(record.createdAt * 1000).toISOString().slice(0, 19)}Z`;
}
