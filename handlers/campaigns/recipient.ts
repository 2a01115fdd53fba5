import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";

/** An item of the table of recipients, whose key is the user. */
export interface Recipient {
  readonly user: string;
  /** Of two items about a user, the one with the greater version is so. */
  readonly version: number;
  readonly email: string;
  readonly name: string;
  readonly subscribed: boolean;
  /** The campaign they got last, and when that was started. */
  readonly lastCampaign?: string;
  readonly lastCampaignAt?: string;
}

/** What is kept of a user who is gone: enough to know that older news of them is none. */
export interface RemovedRecipient {
  readonly user: string;
  readonly version: number;
  readonly removed: true;
}

/** Reads all who have subscribed. */
export const subscribersReader = (recipients: TableClient) => async (): Promise<Recipient[]> => {
  const found: Recipient[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await recipients.Scan({
      FilterExpression: "#subscribed = :true",
      ExpressionAttributeNames: { "#subscribed": "subscribed" },
      ExpressionAttributeValues: marshall({ ":true": true }),
      ConsistentRead: true,
      ExclusiveStartKey,
    });
    found.push(...Items.map((item) => unmarshall(item) as Recipient));
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
};
