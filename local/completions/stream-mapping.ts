import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { backoffMs, pause } from "./backoff";
import { Bell } from "./bell";
import { sendTo } from "./destination";
import { type Filter, filterPattern } from "./filter-pattern";
import { refusalOf } from "./refusal";
import type { Service } from "./service";
import { expired, type FailurePolicy, type Outcome, outcomeOf, type Span, settle } from "./stream-batch";
import { type Position, SHARD_ID, StreamReader } from "./stream-reader";
import { type Discarded, failureMessage, type StreamRecord } from "./stream-record";

/** A stream → function mapping, as it is deployed. */
export interface MappingSettings extends FailurePolicy {
  readonly streamArn: string;
  /** As the mapping has it: a name or ARN, with or without a version or alias. */
  readonly functionName: string;
  readonly functionArn: string;
  readonly startingPosition: Position["from"];
  readonly batchSize: number;
  readonly maximumBatchingWindowInSeconds: number;
  /** A record must fit one of these; without any, all records are processed. */
  readonly filterPatterns: readonly string[];
  readonly reportsBatchItemFailures: boolean;
  /** Queue or topic that is told of what is given up. */
  readonly failureDestinationArn: string | undefined;
}

/** Writes wake a mapping; what writes past the front door, such as a record's expiry, is found within this time. */
const QUIET_MS = 1_000;
/** GetRecords answers with no more. */
const LARGEST_PAGE = 1_000;
/** Lambda's invocation payload quota, 6 MB. */
const LARGEST_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** Takes records of one stream to one function, in order, by the settings of their mapping, until it is stopped. */
export class StreamMapping {
  readonly #reader: StreamReader;
  readonly #filters: readonly Filter[];
  readonly #bell = new Bell();
  readonly #stopped = new AbortController();
  readonly #pending: StreamRecord[] = [];
  #pendingBytes = 0;
  readonly #ended: Promise<void>;

  constructor(
    readonly settings: MappingSettings,
    private readonly lambda: Service,
    streams: DynamoDBStreamsClient,
    position: Position = { from: settings.startingPosition },
  ) {
    this.#reader = new StreamReader(streams, settings.streamArn, position);
    this.#filters = settings.filterPatterns.map(filterPattern);
    this.#ended = this.#run();
  }

  /** Something may have been written. */
  wake(): void {
    this.#bell.ring();
  }

  /** Ends after the invocation under way; answers where a successor begins. */
  async stop(): Promise<Position> {
    this.#stopped.abort();
    await this.#ended;
    return this.#reader.restart;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#collect();
        await this.#process(this.#takeBatch());
        failures = 0;
      } catch {
        // The stream cannot be read: it may be about to be replaced, or the cloud about to stop.
        failures += 1;
        await pause(backoffMs(failures), signal);
      }
    }
  }

  /** Reads until a batch is due: it is full, or its window is over. */
  async #collect(): Promise<void> {
    const { batchSize, maximumBatchingWindowInSeconds } = this.settings;
    const { signal } = this.#stopped;
    let dueAt = Number.POSITIVE_INFINITY;
    while (!signal.aborted && !this.#isFull()) {
      const limit = Math.min(batchSize - this.#pending.length, LARGEST_PAGE);
      const records = await this.#reader.read(limit);
      for (const record of records.filter((record) => this.#fits(record))) {
        this.#pending.push(record);
        this.#pendingBytes += Buffer.byteLength(JSON.stringify(record.event));
      }
      if (this.#pending.length === 0) {
        this.#reader.drained();
      } else {
        dueAt = Math.min(dueAt, performance.now() + maximumBatchingWindowInSeconds * 1000);
      }
      if (records.length < limit) {
        const waitMs = dueAt - performance.now();
        if (waitMs <= 0) return;
        await this.#bell.wait(Math.min(waitMs, QUIET_MS), signal);
      }
    }
  }

  #isFull(): boolean {
    return this.#pending.length >= this.settings.batchSize || this.#pendingBytes > LARGEST_PAYLOAD_BYTES;
  }

  #fits({ event }: StreamRecord): boolean {
    return this.#filters.length === 0 || this.#filters.some((filter) => filter(event));
  }

  #takeBatch(): readonly StreamRecord[] {
    this.#pendingBytes = 0;
    return this.#pending.splice(0);
  }

  async #process(batch: readonly StreamRecord[]): Promise<void> {
    const { signal } = this.#stopped;
    const todo: Span<StreamRecord>[] = [{ records: batch, failures: 0, invocations: 0 }];
    let refusals = 0;
    for (let span = todo.shift(); span && !signal.aborted; span = todo.shift()) {
      const old = expired(span.records, Date.now() / 1000, this.settings);
      if (old > 0) {
        await this.#discard({ ...span, records: span.records.slice(0, old) }, "RecordAgeExceeded");
        todo.unshift({ ...span, records: span.records.slice(old) });
        continue;
      }
      if (span.records.length === 0) continue;
      const { outcome, functionError } = await this.#invoke(span.records);
      const settled = settle(span, outcome, this.settings);
      this.#passed(settled.done);
      if (settled.discarded) {
        await this.#discard(settled.discarded, "RetryAttemptsExhausted", functionError);
      }
      todo.unshift(...settled.todo);
      refusals = outcome.kind === "refused" ? refusals + 1 : 0;
      const failures = refusals || (todo[0]?.failures ?? 0);
      if (settled.todo.length === 1 && failures > 0) {
        await pause(backoffMs(failures), signal);
      }
    }
    if (todo.length === 0 && !signal.aborted) {
      this.#reader.drained();
    }
  }

  async #invoke(records: readonly StreamRecord[]): Promise<{ outcome: Outcome; functionError?: string }> {
    const { functionName, reportsBatchItemFailures } = this.settings;
    try {
      const invocation = new InvokeCommand({
        FunctionName: functionName,
        Payload: Buffer.from(JSON.stringify({ Records: records.map(({ event }) => event) })),
      });
      const { FunctionError, Payload } = await this.lambda.client(LambdaClient).send(invocation);
      if (FunctionError) return { outcome: { kind: "failure" }, functionError: FunctionError };
      const answer = Buffer.from(Payload ?? []).toString();
      return { outcome: outcomeOf(answer, records, reportsBatchItemFailures) };
    } catch (error) {
      const { status } = refusalOf(error);
      // A batch that is too large can only be tried in parts; anything else is tried again as it is.
      return { outcome: { kind: status === 413 ? "failure" : "refused" } };
    }
  }

  async #discard(
    span: Span<StreamRecord>,
    condition: Discarded["condition"],
    functionError?: string,
  ): Promise<void> {
    const { functionArn, streamArn, failureDestinationArn } = this.settings;
    if (failureDestinationArn !== undefined) {
      const discarded = { span, condition, functionArn, streamArn, shardId: SHARD_ID, functionError };
      await sendTo(
        failureDestinationArn,
        { body: failureMessage(discarded) },
        this.lambda,
        this.#stopped.signal,
      );
    }
    this.#passed(span.records);
  }

  #passed(records: readonly StreamRecord[]): void {
    const last = records.at(-1);
    if (last) this.#reader.processed(last.sequenceNumber);
  }
}
