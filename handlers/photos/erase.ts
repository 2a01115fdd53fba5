import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import { eachItem } from "../each-item";
import type { UserRemovedEvent } from "../users/events";

/** Removes every photo of a user who is gone; the bus hears of each. */
export const erase =
  (photos: TableClient<"byOwner">) =>
  ({ detail: { user } }: EventBridgeEvent<string, UserRemovedEvent>): Promise<void> =>
    eachItem(
      (ExclusiveStartKey) =>
        photos.indexes.byOwner.Query({
          KeyConditionExpression: "#owner = :user",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: marshall({ ":user": user }),
          ExclusiveStartKey,
        }),
      ({ id }) => photos.DeleteItem({ Key: { id: id as AttributeValue } }),
    );
