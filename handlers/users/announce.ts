import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { entryOf } from "../../components/event-contract";
import type { BusClient } from "../../components/sdk/eventbridge";
import { announceChanges } from "../announce-changes";
import { type UserEvent, userChanged, userRegistered, userRemoved } from "./events";
import { itemOf, type ProfileItem } from "./profile";

/** Tells the bus of users who have come, changed or asked to be removed. That an item has gone, nobody needs to know. */
export const announce = (bus: BusClient) =>
  announceChanges(bus, (record, time) => {
    const { OldImage, NewImage } = record.dynamodb ?? {};
    const before = OldImage && itemOf(OldImage as Record<string, AttributeValue>);
    const now = NewImage && itemOf(NewImage as Record<string, AttributeValue>);
    if (!now || now.version === before?.version) {
      return undefined;
    }
    const { user, version } = now;
    const changeId = record.eventID ?? "";
    if (now.removedAt !== undefined) {
      return entryOf(userRemoved, { changeId, user, version }, time);
    }
    return entryOf(before ? userChanged : userRegistered, detailOf(record, now), time);
  });

function detailOf({ eventID = "" }: DynamoDBRecord, profile: ProfileItem): UserEvent {
  const { user, version, email, name, newsletter, phone } = profile;
  return { changeId: eventID, user, version, email, name, newsletter, phone };
}
