import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { BusClient } from "../components/sdk/eventbridge";

/** Most entries of one call. @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const entriesPerCall = 10;

/**
 * A stream's handler that tells the bus of changes, in order. From the first that the bus does not take, all come
 * again.
 * @param entryOf the entry of a change, undefined where the bus is to hear nothing; `time` is that of the change
 */
export const announceChanges = (
  bus: BusClient,
  entryOf: (record: DynamoDBRecord, time: Date | undefined) => PutEventsRequestEntry | undefined,
) => ({
  factory:
    () =>
    async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
      const told = Records.flatMap((record) => {
        const entry = entryOf(record, timeOf(record));
        return entry ? [{ entry, id: record.dynamodb?.SequenceNumber ?? "" }] : [];
      });
      for (let start = 0; start < told.length; start += entriesPerCall) {
        const batch = told.slice(start, start + entriesPerCall);
        const { Entries = [] } = await bus.PutEvents({ Entries: batch.map(({ entry }) => entry) });
        const refused = Entries.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
        if (refused >= 0) {
          console.error("the bus refused an event", Entries[refused]);
          return { batchItemFailures: [{ itemIdentifier: batch[refused]?.id ?? "" }] };
        }
      }
      return { batchItemFailures: [] };
    },
});

/** The change's time; streams tell it in seconds. */
function timeOf({ dynamodb }: DynamoDBRecord): Date | undefined {
  const seconds = dynamodb?.ApproximateCreationDateTime;
  return seconds === undefined ? undefined : new Date(seconds * 1000);
}
