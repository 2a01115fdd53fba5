import type { Call } from "../front-door/call";
import { backoffMs, pause } from "./backoff";
import { filterPattern } from "./filter-pattern";
import type { StreamSettings } from "./mapping-settings";
import type { Positions, RunningMapping } from "./running-mapping";
import type { Service } from "./service";
import type { StreamProgress } from "./stream-progress";
import { type ShardContext, StreamShard } from "./stream-shard";
import type { StreamSource } from "./stream-source";

/** Shards come and go when a stream grows or shrinks, which is seldom. */
const LOOK_MS = 10_000;
/** Progress is written down after this time, and when the mapping stops. */
const NOTE_MS = 500;

/**
 * Takes records of one stream to one function by the settings of their mapping, until it is stopped: in order within
 * each shard, and shards beside each other. What Lambda does beside each other within one shard comes one after the
 * other here.
 */
export class StreamMapping implements RunningMapping {
  readonly #shards = new Map<string, StreamShard>();
  readonly #context: ShardContext;
  readonly #stopped = new AbortController();
  readonly #ended: Promise<void>;
  /** Where the mapping was before it began with its shards. */
  #before: Positions | undefined;
  #noting: NodeJS.Timeout | undefined;

  /**
   * @param before where its predecessor ended, if it had one
   * @param progress absent where records do not outlast the cloud
   */
  constructor(
    readonly settings: StreamSettings,
    source: StreamSource,
    lambda: Service,
    before?: Positions,
    private readonly progress?: StreamProgress,
  ) {
    const filters = settings.filterPatterns.map(filterPattern);
    this.#context = { settings, filters, source, lambda, onProgress: () => this.#note() };
    this.#before = before;
    this.#ended = this.#run();
  }

  heard(call: Call): void {
    if (this.#context.source.isWrittenBy(call)) {
      for (const shard of this.#shards.values()) {
        shard.wake();
      }
    }
  }

  /** Ends after the invocations under way; answers where a successor begins. */
  async stop(): Promise<Positions> {
    this.#stopped.abort();
    this.#noteNow();
    await this.#ended;
    await Promise.all([...this.#shards.values()].map((shard) => shard.stop()));
    this.#noteNow();
    return this.#positions;
  }

  get #positions(): Positions {
    const now = [...this.#shards].map(([id, { position }]) => [id, position] as const);
    return new Map([...(this.#before ?? []), ...now]);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    for (let failures = 0; !signal.aborted; ) {
      try {
        this.#before ??= (await this.progress?.load()) ?? new Map();
        await this.#look(this.#before);
        failures = 0;
        await pause(LOOK_MS, signal);
      } catch {
        // As with a shard that cannot be read.
        failures += 1;
        await pause(backoffMs(failures), signal);
      }
    }
  }

  /** Begins with shards that are new, and ends with those that are gone. */
  async #look(before: Positions): Promise<void> {
    const { source, settings } = this.#context;
    const ids = new Set(await source.shardIds());
    if (this.#stopped.signal.aborted) return;
    // What a later shard holds was written after the mapping was made.
    const isFirst = this.#shards.size === 0 && before.size === 0;
    const from = isFirst ? settings.startingPosition : "TRIM_HORIZON";
    for (const id of ids) {
      if (!this.#shards.has(id)) {
        this.#shards.set(id, new StreamShard(id, before.get(id) ?? { from }, this.#context));
      }
    }
    for (const [id, shard] of this.#shards) {
      if (!ids.has(id)) {
        this.#shards.delete(id);
        void shard.stop();
      }
    }
  }

  #note(): void {
    this.#noting ??= setTimeout(() => this.#noteNow(), NOTE_MS).unref();
  }

  #noteNow(): void {
    clearTimeout(this.#noting);
    this.#noting = undefined;
    void this.progress?.save(this.#positions);
  }
}
