import type { AttributeValue, WriteRequest } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";

/**
 * An item of the table of deliveries, whose key is the campaign and the user: that the campaign goes to them. Their
 * address stays with the recipients alone, so that it is gone when they are.
 */
export interface Delivery {
  readonly campaign: string;
  readonly user: string;
  /** When the campaign's success was noted with the recipient. */
  readonly sentAt?: string;
}

/** Most items of one call. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const itemsPerCall = 25;
/** Pauses before what DynamoDB did not get to is tried again. */
const pausesMilliseconds = [50, 100, 200, 400, 800, 1600];

/** Reads all deliveries of a campaign. */
export const deliveriesReader =
  (deliveries: TableClient) =>
  async (campaign: string): Promise<Delivery[]> => {
    const found: Delivery[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await deliveries.Query({
        KeyConditionExpression: "#campaign = :campaign",
        ExpressionAttributeNames: { "#campaign": "campaign" },
        ExpressionAttributeValues: marshall({ ":campaign": campaign }),
        ConsistentRead: true,
        ExclusiveStartKey,
      });
      found.push(...Items.map((item) => unmarshall(item) as Delivery));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return found;
  };

/** Puts or deletes any number of deliveries; fails where DynamoDB lastingly takes no more. */
export const deliveriesWriter = (deliveries: TableClient) => {
  const writeAll = async (requests: readonly WriteRequest[]): Promise<void> => {
    for (let start = 0; start < requests.length; start += itemsPerCall) {
      let open = requests.slice(start, start + itemsPerCall);
      for (const pause of [0, ...pausesMilliseconds]) {
        if (open.length > 0) {
          await new Promise((resolve) => setTimeout(resolve, pause));
          const { UnprocessedItems = {} } = await deliveries.BatchWriteItem({ RequestItems: open });
          open = Object.values(UnprocessedItems).flat();
        }
      }
      if (open.length > 0) {
        throw new Error(
          `DynamoDB did not get to ${open.length} deliveries; they are to be tried again later.`,
        );
      }
    }
  };
  return {
    put: (items: readonly Delivery[]) =>
      writeAll(items.map((item) => ({ PutRequest: { Item: marshall(item) } }))),
    remove: (items: readonly Delivery[]) =>
      writeAll(items.map(({ campaign, user }) => ({ DeleteRequest: { Key: marshall({ campaign, user }) } }))),
  };
};
