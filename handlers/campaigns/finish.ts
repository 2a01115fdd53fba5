import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { type Delivery, deliveriesReader } from "./delivery";
import { progressNoter } from "./progress";
import type { Run } from "./run";

/** Deliveries that are worked off at once. */
const atOnce = 25;

/**
 * Notes that a campaign was sent: with each recipient who is still there, unless they got a later one, then with the
 * delivery, then with the campaign. An attempt goes on where the one before ended.
 */
export const finish = (campaigns: TableClient, recipients: TableClient, deliveries: TableClient) => {
  const deliveriesOf = deliveriesReader(deliveries);
  const note = progressNoter(campaigns);

  /** Answers whether the recipient is still there. */
  const noteWithRecipient = async (user: string, { id, createdAt }: Run): Promise<boolean> => {
    try {
      await recipients.UpdateItem({
        Key: marshall({ user }),
        UpdateExpression: "SET #lastCampaign = :id, #lastCampaignAt = :at",
        ConditionExpression:
          "attribute_exists(#email) AND (attribute_not_exists(#lastCampaignAt) OR #lastCampaignAt < :at)",
        ExpressionAttributeNames: {
          "#lastCampaign": "lastCampaign",
          "#lastCampaignAt": "lastCampaignAt",
          "#email": "email",
        },
        ExpressionAttributeValues: marshall({ ":id": id, ":at": createdAt }),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return true;
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
      return error.Item?.email !== undefined;
    }
  };

  const work = async ({ campaign, user, sentAt }: Delivery, run: Run): Promise<void> => {
    if (sentAt !== undefined) {
      return;
    }
    const Key = marshall({ campaign, user });
    if (!(await noteWithRecipient(user, run))) {
      // It was made just when its recipient left.
      await deliveries.DeleteItem({ Key });
      return;
    }
    try {
      await deliveries.UpdateItem({
        Key,
        UpdateExpression: "SET #sentAt = :now",
        ConditionExpression: "attribute_exists(#user)",
        ExpressionAttributeNames: { "#sentAt": "sentAt", "#user": "user" },
        ExpressionAttributeValues: marshall({ ":now": new Date().toISOString() }),
      });
    } catch (error) {
      // Its recipient has left meanwhile, and it with them.
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
    }
  };

  return async (run: Run): Promise<void> => {
    const all = await deliveriesOf(run.id);
    for (let start = 0; start < all.length; start += atOnce) {
      await Promise.all(all.slice(start, start + atOnce).map((delivery) => work(delivery, run)));
    }
    await note(run.id, { status: "success" });
  };
};
