import { backoffMs, pause } from "./backoff";
import { invokeWithBatch, LARGEST_PAYLOAD_BYTES } from "./batch-invocation";
import { Bell } from "./bell";
import { sendTo } from "./destination";
import type { Filter } from "./filter-pattern";
import type { StreamSettings } from "./mapping-settings";
import type { Service } from "./service";
import { expired, type Outcome, outcomeOf, type Span, settle } from "./stream-batch";
import { type Position, StreamReader } from "./stream-reader";
import { type Discarded, failureMessage, type StreamRecord } from "./stream-record";
import type { StreamSource } from "./stream-source";

/** Writes wake a mapping; what writes past the front door, such as a record's expiry, is found within this time. */
const QUIET_MS = 1_000;

/** What all shards of a stream have in common. */
export interface ShardContext {
  readonly settings: StreamSettings;
  readonly filters: readonly Filter[];
  readonly source: StreamSource;
  readonly lambda: Service;
  /** Called when nothing is left to do of more records than before. */
  readonly onProgress: () => void;
}

/** Takes the records of one shard to the function, in order, until it is stopped. */
export class StreamShard {
  readonly #reader: StreamReader;
  readonly #bell = new Bell();
  readonly #stopped = new AbortController();
  readonly #pending: StreamRecord[] = [];
  #pendingBytes = 0;
  readonly #ended: Promise<void>;

  constructor(
    private readonly shardId: string,
    position: Position,
    private readonly context: ShardContext,
  ) {
    this.#reader = new StreamReader(context.source, shardId, position);
    this.#ended = this.#run();
  }

  /** Where a successor begins. */
  get position(): Position {
    return this.#reader.restart;
  }

  /** Something may have been written. */
  wake(): void {
    this.#bell.ring();
  }

  /** Ends after the invocation under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    for (let failures = 0; !signal.aborted && !this.#reader.isAtEnd; ) {
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
    const { settings, source } = this.context;
    const { batchSize, maximumBatchingWindowInSeconds } = settings;
    const { signal } = this.#stopped;
    let dueAt = Number.POSITIVE_INFINITY;
    while (!signal.aborted && !this.#isFull() && !this.#reader.isAtEnd) {
      const limit = Math.min(batchSize - this.#pending.length, source.largestPage);
      const records = await this.#reader.read(limit);
      for (const record of records.filter((record) => this.#fits(record))) {
        this.#pending.push(record);
        this.#pendingBytes += Buffer.byteLength(JSON.stringify(record.event));
      }
      if (this.#pending.length === 0) {
        this.#drained();
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
    const { batchSize } = this.context.settings;
    return this.#pending.length >= batchSize || this.#pendingBytes > LARGEST_PAYLOAD_BYTES;
  }

  #fits({ filtered }: StreamRecord): boolean {
    const { filters } = this.context;
    return filters.length === 0 || filters.some((filter) => filter(filtered));
  }

  #takeBatch(): readonly StreamRecord[] {
    this.#pendingBytes = 0;
    return this.#pending.splice(0);
  }

  async #process(batch: readonly StreamRecord[]): Promise<void> {
    const { settings } = this.context;
    const { signal } = this.#stopped;
    const todo: Span<StreamRecord>[] = [{ records: batch, failures: 0, invocations: 0 }];
    let refusals = 0;
    for (let span = todo.shift(); span && !signal.aborted; span = todo.shift()) {
      const old = expired(span.records, Date.now() / 1000, settings);
      if (old > 0) {
        await this.#discard({ ...span, records: span.records.slice(0, old) }, "RecordAgeExceeded");
        todo.unshift({ ...span, records: span.records.slice(old) });
        continue;
      }
      if (span.records.length === 0) continue;
      const { outcome, functionError } = await this.#invoke(span.records);
      const settled = settle(span, outcome, settings);
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
      this.#drained();
    }
  }

  async #invoke(records: readonly StreamRecord[]): Promise<{ outcome: Outcome; functionError?: string }> {
    const { settings, lambda } = this.context;
    const events = records.map(({ event }) => event);
    const invoked = await invokeWithBatch(lambda, settings.functionName, events);
    switch (invoked.kind) {
      case "answered":
        return { outcome: outcomeOf(invoked.answer, records, settings.reportsBatchItemFailures) };
      case "failed":
        return { outcome: { kind: "failure" }, functionError: invoked.functionError };
      case "refused":
        // A batch that is too large can only be tried in parts; anything else is tried again as it is.
        return { outcome: { kind: invoked.refusal.status === 413 ? "failure" : "refused" } };
    }
  }

  async #discard(
    span: Span<StreamRecord>,
    condition: Discarded["condition"],
    functionError?: string,
  ): Promise<void> {
    const { settings, source, lambda } = this.context;
    const { functionArn, sourceArn: streamArn, failureDestinationArn } = settings;
    if (failureDestinationArn !== undefined) {
      const discarded = { span, condition, functionArn, streamArn, shardId: this.shardId, functionError };
      const body = failureMessage(discarded, source.batchInfo);
      await sendTo(failureDestinationArn, { body }, lambda, this.#stopped.signal);
    }
    this.#passed(span.records);
  }

  #passed(records: readonly StreamRecord[]): void {
    const last = records.at(-1);
    if (last) {
      this.#reader.processed(last.sequenceNumber);
      this.context.onProgress();
    }
  }

  #drained(): void {
    const { after } = this.position;
    this.#reader.drained();
    if (this.position.after !== after) this.context.onProgress();
  }
}
