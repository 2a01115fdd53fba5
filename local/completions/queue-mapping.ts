import { backoffMs, pause } from "./backoff";
import { itemFailures } from "./batch-answer";
import { type Invoked, invokeWithBatch, LARGEST_PAYLOAD_BYTES } from "./batch-invocation";
import { type Filter, filterPattern } from "./filter-pattern";
import type { QueueSettings } from "./mapping-settings";
import type { QueueClient } from "./queue-client";
import { batchLength, type QueueRecord } from "./queue-record";
import { isRetryable } from "./refusal";
import type { RunningMapping } from "./running-mapping";
import type { Service } from "./service";

/** One receive waits for a message as long, and so does `stop`; the emulator looks ten times a second meanwhile. */
const LONG_POLL_SECONDS = 1;
/** How often a queue is looked into while a batch grows. */
const LOOK_MS = 100;
/** Times that a batch is tried which Lambda refuses, within about three seconds; then it has failed. */
const TRIES = 6;

/**
 * Takes messages of one queue to one function by the settings of their mapping, until it is stopped: gathers a batch
 * until it is full or its window is over, deletes what the function has done, and leaves what failed hidden until its
 * visibility timeout ends.
 */
export class QueueMapping implements RunningMapping {
  readonly #filters: readonly Filter[];
  readonly #stopped = new AbortController();
  readonly #pending: QueueRecord[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #ended: Promise<void>;

  constructor(
    readonly settings: QueueSettings,
    private readonly queue: Pick<QueueClient, "receive" | "delete" | "giveBack">,
    private readonly lambda: Service,
  ) {
    this.#filters = settings.filterPatterns.map(filterPattern);
    this.#ended = this.#run();
  }

  /** Ends after the invocations under way; what was only gathered can be received again at once. */
  async stop(): Promise<undefined> {
    this.#stopped.abort();
    await this.#ended;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#gather();
        if (!signal.aborted) await this.#dispatch();
        failures = 0;
      } catch {
        // The queue cannot be read: it may be about to be replaced, or the cloud about to stop.
        failures += 1;
        await pause(backoffMs(failures), signal);
      }
    }
    await this.queue.giveBack(this.#pending).catch(() => {});
  }

  /** Receives until a batch is due. */
  async #gather(): Promise<void> {
    const { batchSize, maximumBatchingWindowInSeconds } = this.settings;
    const { signal } = this.#stopped;
    let dueAt = Number.POSITIVE_INFINITY;
    while (!signal.aborted && !this.#isFull()) {
      if (this.#pending.length > 0) {
        dueAt = Math.min(dueAt, performance.now() + maximumBatchingWindowInSeconds * 1000);
      }
      const waitSeconds = this.#pending.length === 0 ? LONG_POLL_SECONDS : 0;
      const received = await this.queue.receive(batchSize - this.#pending.length, waitSeconds);
      const fitting = received.filter((record) => this.#fits(record));
      this.#pending.push(...fitting);
      await this.queue.delete(received.filter((record) => !fitting.includes(record)));
      const waitMs = dueAt - performance.now();
      if (waitMs <= 0) return;
      if (received.length === 0 && this.#pending.length > 0) {
        await pause(Math.min(waitMs, LOOK_MS), signal);
      }
    }
  }

  #isFull(): boolean {
    const bytes = this.#pending.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return this.#pending.length >= this.settings.batchSize || bytes >= LARGEST_PAYLOAD_BYTES;
  }

  #fits({ filtered }: QueueRecord): boolean {
    return this.#filters.length === 0 || this.#filters.some((filter) => filter(filtered));
  }

  /** Begins with a batch as soon as one more may be under way. */
  async #dispatch(): Promise<void> {
    while (this.#underWay.size >= this.settings.maximumConcurrency) {
      await Promise.race(this.#underWay);
    }
    const batch = this.#pending.splice(0, batchLength(this.#pending, this.settings.batchSize));
    const processed = this.#process(batch)
      // What cannot be deleted now comes again.
      .catch(() => {})
      .finally(() => this.#underWay.delete(processed));
    this.#underWay.add(processed);
  }

  async #process(batch: readonly QueueRecord[]): Promise<void> {
    const invoked = await this.#invoke(batch);
    if (invoked.kind === "answered") {
      await this.queue.delete(this.#done(batch, invoked.answer));
    } else if (invoked.kind === "refused" && this.#stopped.signal.aborted) {
      await this.queue.giveBack(batch);
    }
  }

  async #invoke(batch: readonly QueueRecord[]): Promise<Invoked> {
    const events = batch.map(({ event }) => event);
    for (let tries = 1; ; tries += 1) {
      const invoked = await invokeWithBatch(this.lambda, this.settings.functionName, events);
      const isOver = invoked.kind !== "refused" || !isRetryable(invoked.refusal) || tries === TRIES;
      if (isOver || !(await pause(backoffMs(tries), this.#stopped.signal))) return invoked;
    }
  }

  /** What the function has done of the batch: nothing, where it names a message that is not of it. */
  #done(batch: readonly QueueRecord[], answer: string): readonly QueueRecord[] {
    const failures = new Set(this.settings.reportsBatchItemFailures ? itemFailures(answer) : []);
    const done = batch.filter(({ messageId }) => !failures.has(messageId));
    return done.length + failures.size === batch.length ? done : [];
  }
}
