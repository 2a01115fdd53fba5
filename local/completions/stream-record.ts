import { randomUUID } from "node:crypto";
import type { _Record } from "@aws-sdk/client-dynamodb-streams";
import type { Sequenced, Span } from "./stream-batch";

/** A record as the function gets it. */
export interface StreamRecord extends Sequenced {
  readonly event: Readonly<Record<string, unknown>>;
}

/** A record of the Streams API, which the SDK has parsed, as Lambda writes it. */
export function streamRecord(record: _Record, eventSourceARN: string): StreamRecord {
  const { SequenceNumber = "", ApproximateCreationDateTime } = record.dynamodb ?? {};
  return {
    sequenceNumber: SequenceNumber,
    createdAt: (ApproximateCreationDateTime?.getTime() ?? Date.now()) / 1000,
    event: { ...(asJson(record) as object), eventSourceARN },
  };
}

/** Times as seconds, bytes as base64. */
function asJson(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asJson(inner)]));
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
 */
export function failureMessage(discarded: Discarded): string {
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
    DDBStreamBatchInfo: {
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
