import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { entryOf } from "../../components/event-contract";
import type { BusClient } from "../../components/sdk/eventbridge";
import { announceChanges } from "../announce-changes";
import { type CampaignRecord, recordOf } from "./campaign";
import { campaignChanged } from "./events";

/** Tells the bus of each campaign that is new or further than before. */
export const announce = (bus: BusClient) =>
  announceChanges(bus, (record, time) => {
    const { OldImage, NewImage } = record.dynamodb ?? {};
    const before = OldImage && recordOf(OldImage as Record<string, AttributeValue>);
    const now = NewImage && recordOf(NewImage as Record<string, AttributeValue>);
    if (!now || (before && progressOf(before) === progressOf(now))) {
      return undefined;
    }
    const { id, createdBy: owner, subject, status, sequence, recipients, reason } = now;
    const changeId = record.eventID ?? "";
    return entryOf(
      campaignChanged,
      { changeId, id, owner, subject, status, sequence, recipients, reason },
      time,
    );
  });

const progressOf = ({ status, sequence, recipients }: CampaignRecord) =>
  JSON.stringify([status, sequence, recipients]);
