import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { type EventContract, entryOf } from "../../components/event-contract";
import type { BusClient } from "../../components/sdk/eventbridge";
import { announceChanges } from "../announce-changes";
import {
  type PictureEvent,
  pictureFailed,
  pictureProcessing,
  pictureReady,
  pictureRendition,
} from "./events";
import { type PictureRecord, pictureOf, renditionsOf } from "./picture-record";

/** Tells the bus how far each picture has come. */
export const announce = (bus: BusClient) =>
  announceChanges(bus, (record, time) => {
    const { OldImage, NewImage } = record.dynamodb ?? {};
    const before = OldImage && pictureOf(OldImage as Record<string, AttributeValue>);
    const now = NewImage && pictureOf(NewImage as Record<string, AttributeValue>);
    const contract = now && contractOf(now, before);
    return contract && entryOf(contract, detailOf(record, now), time);
  });

/** What a change is to others; undefined where it is nothing new to them. */
function contractOf(
  now: PictureRecord,
  before: PictureRecord | undefined,
): EventContract<string, PictureEvent> | undefined {
  const isNew = before?.revision !== now.revision;
  if (now.state === "ready") {
    return isNew || before.state !== "ready" ? pictureReady : undefined;
  }
  if (now.state === "failed") {
    return isNew || before.state !== "failed" ? pictureFailed : undefined;
  }
  if (isNew) {
    return pictureProcessing;
  }
  return renditionsOf(now).length > renditionsOf(before).length ? pictureRendition : undefined;
}

function detailOf({ eventID = "" }: DynamoDBRecord, picture: PictureRecord): PictureEvent {
  const { owner, photo, revision, reason } = picture;
  return { changeId: eventID, owner, photo, revision, renditions: renditionsOf(picture), reason };
}
