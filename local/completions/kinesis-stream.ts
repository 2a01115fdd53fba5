import {
  type _Record,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
} from "@aws-sdk/client-kinesis";
import type { Call } from "../front-door/call";
import { jsonIn } from "./json-body";
import type { StreamRecord } from "./stream-record";
import type { Page, Start, StreamSource } from "./stream-source";

/** A Kinesis data stream, read in the name of a function's role. */
export class KinesisStream implements StreamSource {
  readonly batchInfo = "KinesisBatchInfo";
  readonly largestPage = 10_000;
  readonly isKept = true;
  /** A consumer has throughput of its own on AWS, and the records of its stream. */
  readonly #streamArn: string;

  constructor(
    private readonly client: KinesisClient,
    /** Of the stream, or of a consumer of it. */
    private readonly sourceArn: string,
    private readonly roleArn: string,
  ) {
    this.#streamArn = sourceArn.replace(/\/consumer\/.*$/, "");
  }

  isWrittenBy({ action, resource }: Call): boolean {
    return action.startsWith("kinesis:Put") && (resource === "*" || resource === this.#streamArn);
  }

  async shardIds(): Promise<readonly string[]> {
    const { Shards = [] } = await this.client.send(new ListShardsCommand({ StreamARN: this.#streamArn }));
    return Shards.map(({ ShardId = "" }) => ShardId);
  }

  async iterator(ShardId: string, start: Start): Promise<string | undefined> {
    const get = new GetShardIteratorCommand({
      StreamARN: this.#streamArn,
      ShardId,
      ShardIteratorType: start.type,
      StartingSequenceNumber: "sequenceNumber" in start ? start.sequenceNumber : undefined,
    });
    return (await this.client.send(get)).ShardIterator;
  }

  async page(shardId: string, ShardIterator: string | undefined, Limit: number): Promise<Page> {
    const get = new GetRecordsCommand({ StreamARN: this.#streamArn, ShardIterator, Limit });
    const { Records = [], NextShardIterator } = await this.client.send(get);
    return { records: Records.map((record) => this.#asEvent(record, shardId)), next: NextShardIterator };
  }

  #asEvent(record: _Record, shardId: string): StreamRecord {
    const { SequenceNumber = "", ApproximateArrivalTimestamp, PartitionKey = "", Data } = record;
    const createdAt = (ApproximateArrivalTimestamp?.getTime() ?? Date.now()) / 1000;
    const data = Buffer.from(Data ?? []);
    const kinesis = {
      kinesisSchemaVersion: "1.0",
      partitionKey: PartitionKey,
      sequenceNumber: SequenceNumber,
      data: data.toString("base64"),
      approximateArrivalTimestamp: createdAt,
    };
    const event = {
      kinesis,
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventID: `${shardId}:${SequenceNumber}`,
      eventName: "aws:kinesis:record",
      invokeIdentityArn: this.roleArn,
      awsRegion: this.sourceArn.split(":")[3],
      eventSourceARN: this.sourceArn,
    };
    return {
      sequenceNumber: SequenceNumber,
      createdAt,
      event,
      // https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
      filtered: { ...kinesis, data: jsonIn(data.toString()) },
    };
  }
}
