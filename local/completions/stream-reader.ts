import type { StreamRecord } from "./stream-record";
import type { Start, StreamSource } from "./stream-source";

/** Where to read on in a shard. */
export interface Position {
  /** Where a new mapping begins. */
  readonly from: "LATEST" | "TRIM_HORIZON";
  /** The last record of which nothing is left to do. */
  readonly after?: string;
  /** The same place as an iterator, when there is one. */
  readonly iterator?: string;
}

/** Errors of iterators that no longer serve; they do for 5 minutes, or 15. */
const outdated = new Set(["ExpiredIteratorException", "TrimmedDataAccessException"]);

function isOutdated(error: unknown): boolean {
  return error instanceof Error && outdated.has(error.name);
}

/** Reads one shard from a position on, and keeps the position from where a successor would see what is not done. */
export class StreamReader {
  /** The shard is closed, and has been read to its end. */
  isAtEnd = false;
  #iterator: string | undefined;
  #lastRead: string | undefined;

  constructor(
    private readonly source: StreamSource,
    private readonly shardId: string,
    private position: Position,
  ) {
    this.#iterator = position.iterator;
  }

  get restart(): Position {
    return this.position;
  }

  /** The next records, at most `limit`; none when there are none yet. */
  async read(limit: number): Promise<readonly StreamRecord[]> {
    if (this.isAtEnd) return [];
    this.#iterator ??= await this.#open();
    try {
      const { records, next } = await this.source.page(this.shardId, this.#iterator, limit);
      this.isAtEnd = next === undefined;
      this.#iterator = next ?? this.#iterator;
      this.#lastRead = records.at(-1)?.sequenceNumber ?? this.#lastRead;
      return records;
    } catch (error) {
      if (!isOutdated(error)) throw error;
      this.#iterator = undefined;
      this.position = { ...this.position, iterator: undefined };
      return [];
    }
  }

  /** Nothing is left to do of the records up to this one. */
  processed(sequenceNumber: string): void {
    this.position = { from: this.position.from, after: sequenceNumber };
  }

  /** Nothing is left to do of all that was read. */
  drained(): void {
    const { from, after } = this.position;
    this.position = { from, after: this.#lastRead ?? after, iterator: this.#iterator };
  }

  async #open(): Promise<string | undefined> {
    const { from, after } = this.position;
    if (after === undefined) return this.#iteratorOf({ type: from });
    try {
      return await this.#iteratorOf({ type: "AFTER_SEQUENCE_NUMBER", sequenceNumber: after });
    } catch (error) {
      if (!isOutdated(error)) throw error;
      return this.#iteratorOf({ type: "TRIM_HORIZON" });
    }
  }

  async #iteratorOf(start: Start): Promise<string | undefined> {
    const iterator = await this.source.iterator(this.shardId, start);
    // Kept at once: for a mapping that begins with the latest record, "latest" is now.
    this.position = { ...this.position, iterator };
    return iterator;
  }
}
