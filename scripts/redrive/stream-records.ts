import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { InvalidRedrive } from "./invalid";

/** Where in a stream a batch is. */
export interface StreamBatch {
  readonly streamArn: string;
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
}

/**
 * The records of a batch, as Lambda hands them to a function.
 * @throws InvalidRedrive when the stream has them no longer
 */
export async function streamRecords(client: DynamoDBStreamsClient, batch: StreamBatch): Promise<unknown[]> {
  const { streamArn: StreamArn, shardId: ShardId, startSequenceNumber, endSequenceNumber } = batch;
  const last = BigInt(endSequenceNumber);
  let { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamArn,
      ShardId,
      ShardIteratorType: "AT_SEQUENCE_NUMBER",
      SequenceNumber: startSequenceNumber,
    }),
  );
  const found: unknown[] = [];
  while (ShardIterator !== undefined) {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
    for (const { dynamodb, ...record } of Records) {
      if (BigInt(dynamodb?.SequenceNumber ?? 0) > last) {
        return found;
      }
      const seconds = (dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0) / 1000;
      found.push({
        ...record,
        dynamodb: { ...dynamodb, ApproximateCreationDateTime: seconds },
        eventSourceARN: StreamArn,
      });
    }
    // An open shard never ends; what is not there by now will not come.
    ShardIterator = Records.length === 0 ? undefined : NextShardIterator;
  }
  if (found.length === 0) {
    throw new InvalidRedrive(`the stream has its records no longer (${StreamArn}, ${startSequenceNumber})`);
  }
  return found;
}
