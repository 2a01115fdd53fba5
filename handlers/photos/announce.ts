import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { type EventContract, entryOf } from "../../components/event-contract";
import type { BusClient } from "../../components/sdk/eventbridge";
import { announceChanges } from "../announce-changes";
import { type PhotoEvent, photoChanged, photoPublished, photoRemoved } from "./events";
import { fromItem, type Photo } from "./photo";

/** Tells the bus of each change of a photo that a user has made. */
export const announce = (bus: BusClient) =>
  announceChanges(bus, (record, time) => {
    const { OldImage, NewImage } = record.dynamodb ?? {};
    const before = OldImage && fromItem(OldImage as Record<string, AttributeValue>);
    const now = NewImage && fromItem(NewImage as Record<string, AttributeValue>);
    const photo = now ?? before;
    const contract = contractOf(now, before);
    return photo && contract && entryOf(contract, detailOf(record, photo), time);
  });

function contractOf(
  now: Photo | undefined,
  before: Photo | undefined,
): EventContract<string, PhotoEvent> | undefined {
  if (!now) {
    return photoRemoved;
  }
  if (!before) {
    return photoPublished;
  }
  // How far its picture is, `media` tells itself.
  return now.version === before.version ? undefined : photoChanged;
}

function detailOf({ eventID = "" }: DynamoDBRecord, photo: Photo): PhotoEvent {
  const { id, owner, title, tags, version } = photo;
  return { changeId: eventID, id, owner, title, tags, version };
}
