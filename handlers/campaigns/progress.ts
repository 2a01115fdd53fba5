import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { Campaign } from "./campaign";

/**
 * Changes a campaign that is not over; of one that is over, nothing changes any more, so that late repetitions do no
 * harm. What is `undefined` is left as it is.
 */
export const progressNoter =
  (campaigns: TableClient) =>
  async (
    id: string,
    change: Partial<Pick<Campaign, "status" | "recipients" | "reason">> & { readonly mailId?: string },
  ): Promise<void> => {
    const values = Object.entries({ ...change, changedAt: new Date().toISOString() }).filter(
      ([, value]) => value !== undefined,
    );
    try {
      await campaigns.UpdateItem({
        Key: marshall({ id }),
        UpdateExpression: `SET ${values.map(([name]) => `#${name} = :${name}`).join(", ")} REMOVE #waiting`,
        ConditionExpression: "#status IN (:isStarting, :isPending)",
        ExpressionAttributeNames: {
          "#status": "status",
          "#waiting": "waiting",
          ...Object.fromEntries(values.map(([name]) => [`#${name}`, name])),
        },
        ExpressionAttributeValues: marshall({
          ":isStarting": "starting",
          ":isPending": "pending",
          ...Object.fromEntries(values.map(([name, value]) => [`:${name}`, value])),
        }),
      });
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
    }
  };
