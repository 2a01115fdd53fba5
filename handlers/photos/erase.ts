import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { UserRemovedEvent } from "../users/events";

/** Removes every photo of a user who is gone; the bus hears of each. */
export const erase =
  (photos: TableClient<"byOwner">) =>
  async ({ detail: { user } }: EventBridgeEvent<string, UserRemovedEvent>): Promise<void> => {
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await photos.indexes.byOwner.Query({
        KeyConditionExpression: "#owner = :user",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: marshall({ ":user": user }),
        ExclusiveStartKey,
      });
      for (const { id } of Items) {
        await photos.DeleteItem({ Key: { id: id as AttributeValue } });
      }
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
  };
