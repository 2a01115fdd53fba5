import {
  type _Record,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { Call } from "../front-door/call";
import type { StreamRecord } from "./stream-record";
import type { Page, Start, StreamSource } from "./stream-source";

/** The emulator has one shard a stream. */
const SHARD_ID = "shardId-00000000000000000000-00000000";

/** What reads a table leaves no record in its stream. */
const READS = /^dynamodb:(BatchGet|Describe|Get|List|Query|Scan)/;

/** The stream of a table. */
export class DynamoDBStream implements StreamSource {
  readonly batchInfo = "DDBStreamBatchInfo";
  readonly largestPage = 1_000;
  readonly isKept = false;

  constructor(
    private readonly client: DynamoDBStreamsClient,
    private readonly streamArn: string,
  ) {}

  isWrittenBy({ service, action, resource, further }: Call): boolean {
    if (service !== "dynamodb" || READS.test(action)) return false;
    return [resource, ...further.map((ask) => ask.resource)].some(
      (arn) => arn === "*" || this.streamArn.startsWith(`${arn}/`),
    );
  }

  async shardIds(): Promise<readonly string[]> {
    return [SHARD_ID];
  }

  async iterator(ShardId: string, start: Start): Promise<string | undefined> {
    const get = new GetShardIteratorCommand({
      StreamArn: this.streamArn,
      ShardId,
      ShardIteratorType: start.type,
      SequenceNumber: "sequenceNumber" in start ? start.sequenceNumber : undefined,
    });
    return (await this.client.send(get)).ShardIterator;
  }

  async page(_shardId: string, ShardIterator: string | undefined, Limit: number): Promise<Page> {
    const get = new GetRecordsCommand({ ShardIterator, Limit });
    const { Records = [], NextShardIterator } = await this.client.send(get);
    return { records: Records.map((record) => this.#asEvent(record)), next: NextShardIterator };
  }

  /** A record of the Streams API, which the SDK has parsed, as Lambda writes it. */
  #asEvent(record: _Record): StreamRecord {
    const { SequenceNumber = "", ApproximateCreationDateTime } = record.dynamodb ?? {};
    const event = { ...(asJson(record) as object), eventSourceARN: this.streamArn };
    return {
      sequenceNumber: SequenceNumber,
      createdAt: (ApproximateCreationDateTime?.getTime() ?? Date.now()) / 1000,
      event,
      filtered: event,
    };
  }
}

/** Times as seconds, bytes as base64. */
function asJson(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asJson(inner)]));
}
