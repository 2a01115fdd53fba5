import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { type EventContract, entryOf } from "../../components/event-contract";
import type { BusClient } from "../../components/sdk/eventbridge";
import { type PhotoEvent, photoChanged, photoPublished, photoRemoved } from "./events";
import { fromItem } from "./photo";

/** Most entries of one call. @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const entriesPerCall = 10;

/** Tells the bus of each change of a photo, in order. From the first that the bus does not take, all come again. */
export const announce = (bus: BusClient) => ({
  factory: () => {
    const contracts: Record<NonNullable<DynamoDBRecord["eventName"]>, EventContract<string, PhotoEvent>> = {
      INSERT: photoPublished,
      MODIFY: photoChanged,
      REMOVE: photoRemoved,
    };
    return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
      for (let start = 0; start < Records.length; start += entriesPerCall) {
        const batch = Records.slice(start, start + entriesPerCall);
        const { Entries = [] } = await bus.PutEvents({
          Entries: batch.map((record) =>
            entryOf(contracts[record.eventName ?? "MODIFY"], detailOf(record), timeOf(record)),
          ),
        });
        const refused = Entries.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
        if (refused >= 0) {
          console.error("the bus refused an event", Entries[refused]);
          return { batchItemFailures: [{ itemIdentifier: batch[refused]?.dynamodb?.SequenceNumber ?? "" }] };
        }
      }
      return { batchItemFailures: [] };
    };
  },
});

function detailOf({ eventID = "", dynamodb }: DynamoDBRecord): PhotoEvent {
  const image = dynamodb?.NewImage ?? dynamodb?.OldImage ?? {};
  const { id, owner, title, tags, version } = fromItem(image as Record<string, AttributeValue>);
  return { changeId: eventID, id, owner, title, tags, version };
}

/** The change's time; streams tell it in seconds. */
function timeOf({ dynamodb }: DynamoDBRecord): Date | undefined {
  const seconds = dynamodb?.ApproximateCreationDateTime;
  return seconds === undefined ? undefined : new Date(seconds * 1000);
}
