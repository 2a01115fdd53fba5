import { itemFailures } from "./batch-answer";

/** What Lambda does with records a function fails to process; the names are those of the event source mapping. */
export interface FailurePolicy {
  readonly bisectBatchOnFunctionError: boolean;
  /** -1: without end. */
  readonly maximumRetryAttempts: number;
  /** -1: any age. */
  readonly maximumRecordAgeInSeconds: number;
}

/** What is looked at in a record. */
export interface Sequenced {
  readonly sequenceNumber: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
}

/** Records in order that are to be processed together. */
export interface Span<R> {
  readonly records: readonly R[];
  /** Invocations that count as tries of exactly these records. */
  readonly failures: number;
  /** All invocations that these records have been in. */
  readonly invocations: number;
}

/** How an invocation went; `partial` names the first record that failed. */
export type Outcome =
  | { readonly kind: "success" | "failure" | "refused" }
  | { readonly kind: "partial"; readonly sequenceNumber: string };

export interface Settled<R> {
  /** Processed. */
  readonly done: readonly R[];
  /** Given up, after those that are done. */
  readonly discarded: Span<R> | undefined;
  /** To be tried next, in this order, before anything else of the shard. */
  readonly todo: readonly Span<R>[];
}

/**
 * What becomes of a span after an invocation. All its records are in the answer, once and in order.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function settle<R extends Sequenced>(
  span: Span<R>,
  outcome: Outcome,
  policy: FailurePolicy,
): Settled<R> {
  const { records, failures } = span;
  if (outcome.kind === "success") return { done: records, discarded: undefined, todo: [] };
  if (outcome.kind === "refused") return { done: [], discarded: undefined, todo: [span] };
  const invocations = span.invocations + 1;
  const from = outcome.kind === "partial" ? firstFailed(records, outcome.sequenceNumber) : 0;
  const done = records.slice(0, from);
  const rest = records.slice(from);
  const { bisectBatchOnFunctionError, maximumRetryAttempts } = policy;
  if (bisectBatchOnFunctionError && records.length > 1) {
    // Split where the function says; where it says nothing, in the middle. Neither counts as a retry.
    const middle = Math.ceil(rest.length / 2);
    const parts = from > 0 ? [rest] : [rest.slice(0, middle), rest.slice(middle)];
    const todo = parts.map((part) => ({ records: part, failures, invocations }));
    return { done, discarded: undefined, todo };
  }
  const next = { records: rest, failures: failures + 1, invocations };
  return maximumRetryAttempts >= 0 && next.failures > maximumRetryAttempts
    ? { done, discarded: next, todo: [] }
    : { done, discarded: undefined, todo: [next] };
}

/** An unknown sequence number is a failure of all. */
function firstFailed(records: readonly Sequenced[], sequenceNumber: string): number {
  return Math.max(
    0,
    records.findIndex((record) => record.sequenceNumber === sequenceNumber),
  );
}

/** How many records from the first on are too old. */
export function expired(records: readonly Sequenced[], now: number, policy: FailurePolicy): number {
  const { maximumRecordAgeInSeconds: limit } = policy;
  if (limit < 0) return 0;
  const young = records.findIndex(({ createdAt }) => now - createdAt <= limit);
  return young < 0 ? records.length : young;
}

/**
 * What a function's answer says of the batch. Only the lowest failed sequence number counts: all from there on is
 * tried again. An answer that names something else fails the whole batch.
 * @param reports whether the mapping has `ReportBatchItemFailures`
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function outcomeOf(answer: string, records: readonly Sequenced[], reports: boolean): Outcome {
  const failures = reports ? itemFailures(answer) : [];
  if (failures.length === 0) return { kind: "success" };
  const named = failures.map((failure) =>
    records.findIndex(({ sequenceNumber }) => sequenceNumber === failure),
  );
  const first = records[Math.min(...named)];
  return first ? { kind: "partial", sequenceNumber: first.sequenceNumber } : { kind: "failure" };
}
