import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import { fingerprintOf, idFor } from "../idempotency-key";
import type { WeekEvent } from "../insights/events";
import { type CampaignRecord, campaignKind } from "./campaign";

/** Who starts digests; no user can have this id. */
const gallery = "gallery";

/** Most characters of a title in a mail. */
const longestTitle = 80;

/** A title as one line without addresses: everybody may publish, and nobody is to write to all subscribers by it. */
const plain = (title: string) =>
  title
    .replace(/\S*(?:\/\/|www\.|@|\.\w{2,}\/)\S*|\S+\.[a-z]{2,}\b/giu, "…")
    .replace(/\s+/gu, " ")
    .trim()
    .slice(0, longestTitle);

/** Starts the campaign that tells subscribers of a week; one for each week, however often it is told of. */
export const startDigest =
  (campaigns: TableClient) =>
  async ({ detail: { week, photos } }: EventBridgeEvent<string, WeekEvent>): Promise<void> => {
    const now = new Date().toISOString();
    const subject = `Most viewed in Gallery, week ${week}`;
    const lines = photos.map(({ title, views }, i) => `${i + 1}. ${plain(title)} (${views})`);
    const text = `What was looked at most:\n\n${lines.join("\n")}`;
    try {
      await campaigns.PutItem({
        Item: marshall({
          id: idFor(gallery, week),
          subject,
          text,
          createdBy: gallery,
          createdAt: now,
          changedAt: now,
          status: "starting",
          sequence: 0,
          kind: campaignKind,
          fingerprint: fingerprintOf(subject, text),
        } satisfies CampaignRecord),
        ConditionExpression: "attribute_not_exists(#id)",
        ExpressionAttributeNames: { "#id": "id" },
      });
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
    }
  };
