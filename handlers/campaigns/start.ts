import * as crypto from "node:crypto";
import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { fingerprintOf, idFor } from "../idempotency-key";
import { problem } from "../problem";
import { type CampaignRecord, campaignKind, fromItem } from "./campaign";
import { startCampaign } from "./routes";

/** Stores a campaign and no more: what follows comes of the table's stream, so that nothing can be half started. */
export const start = (campaigns: TableClient) =>
  endpoint(startCampaign, async ({ user, body: { subject, text }, headers }) => {
    const now = new Date().toISOString();
    const key = headers["idempotency-key"];
    const fingerprint = fingerprintOf(subject, text);
    const Item = marshall({
      id: key === undefined ? crypto.randomUUID() : idFor(user, key),
      subject,
      text,
      createdBy: user,
      createdAt: now,
      changedAt: now,
      status: "starting",
      sequence: 0,
      kind: campaignKind,
      fingerprint,
    } satisfies CampaignRecord);
    try {
      await campaigns.PutItem({
        Item,
        ConditionExpression: "attribute_not_exists(#id)",
        ExpressionAttributeNames: { "#id": "id" },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return started(Item);
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException && error.Item)) {
        throw error;
      }
      if (error.Item.fingerprint?.S !== fingerprint) {
        throw problem(409, "The idempotency key was used before to start another campaign.");
      }
      return started(error.Item);
    }
  });

function started(item: Record<string, ddb.AttributeValue>) {
  const campaign = fromItem(item);
  return {
    status: 202,
    // Relative to the request's own path, since the API may be mounted below a path of a shared domain.
    headers: { location: `campaigns/${campaign.id}` },
    body: campaign,
  };
}
