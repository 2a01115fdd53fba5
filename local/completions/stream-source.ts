import type { Call } from "../front-door/call";
import type { StreamRecord } from "./stream-record";

/** Where to begin in a shard. */
export type Start =
  | { readonly type: "LATEST" | "TRIM_HORIZON" }
  | { readonly type: "AFTER_SEQUENCE_NUMBER"; readonly sequenceNumber: string };

export interface Page {
  readonly records: readonly StreamRecord[];
  /** Where to go on; absent at the end of a shard that is closed. */
  readonly next: string | undefined;
}

/** A stream as its mapping reads it: all that differs between DynamoDB's and Kinesis's. */
export interface StreamSource {
  /** What failure messages call the place of a batch. */
  readonly batchInfo: "DDBStreamBatchInfo" | "KinesisBatchInfo";
  /** GetRecords answers with no more. */
  readonly largestPage: number;
  /** Whether the emulator keeps records over a restart. */
  readonly isKept: boolean;
  /** Whether the call, which has succeeded, may have put records into the stream. */
  isWrittenBy(call: Call): boolean;
  shardIds(): Promise<readonly string[]>;
  iterator(shardId: string, start: Start): Promise<string | undefined>;
  page(shardId: string, iterator: string | undefined, limit: number): Promise<Page>;
}
