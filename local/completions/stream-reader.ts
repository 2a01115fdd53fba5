import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type ShardIteratorType,
} from "@aws-sdk/client-dynamodb-streams";
import { type StreamRecord, streamRecord } from "./stream-record";

/** The emulator has one shard a stream. */
export const SHARD_ID = "shardId-00000000000000000000-00000000";

/** Where to read on. */
export interface Position {
  /** Where a new mapping begins. */
  readonly from: "LATEST" | "TRIM_HORIZON";
  /** The last record of which nothing is left to do. */
  readonly after?: string;
  /** The same place as an iterator, when there is one. */
  readonly iterator?: string;
}

/** Errors of iterators that no longer serve; they do for 15 minutes. */
const outdated = new Set(["ExpiredIteratorException", "TrimmedDataAccessException"]);

function isOutdated(error: unknown): boolean {
  return error instanceof Error && outdated.has(error.name);
}

/** Reads one stream from a position on, and keeps the position from where a successor would see what is not done. */
export class StreamReader {
  #iterator: string | undefined;
  #lastRead: string | undefined;

  constructor(
    private readonly client: DynamoDBStreamsClient,
    private readonly streamArn: string,
    private position: Position,
  ) {
    this.#iterator = position.iterator;
  }

  get restart(): Position {
    return this.position;
  }

  /** The next records, at most `limit`; none when there are none yet. */
  async read(limit: number): Promise<readonly StreamRecord[]> {
    this.#iterator ??= await this.#open();
    try {
      const get = new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: limit });
      const { Records = [], NextShardIterator } = await this.client.send(get);
      const records = Records.map((record) => streamRecord(record, this.streamArn));
      this.#iterator = NextShardIterator ?? this.#iterator;
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
    if (after === undefined) return this.#iteratorOf(from);
    try {
      return await this.#iteratorOf("AFTER_SEQUENCE_NUMBER", after);
    } catch (error) {
      if (!isOutdated(error)) throw error;
      return this.#iteratorOf("TRIM_HORIZON");
    }
  }

  async #iteratorOf(ShardIteratorType: ShardIteratorType, SequenceNumber?: string) {
    const get = new GetShardIteratorCommand({
      StreamArn: this.streamArn,
      ShardId: SHARD_ID,
      ShardIteratorType,
      SequenceNumber,
    });
    const { ShardIterator } = await this.client.send(get);
    // Kept at once: for a mapping that begins with the latest record, "latest" is now.
    this.position = { ...this.position, iterator: ShardIterator };
    return ShardIterator;
  }
}
