import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import { eachItem } from "../each-item";
import type { UserRemovedEvent } from "../users/events";

/** Forgets every picture of a user who is gone, those of no photo included; their objects are swept after that. */
export const eraseUser =
  (pictures: TableClient) =>
  ({ detail: { user } }: EventBridgeEvent<string, UserRemovedEvent>): Promise<void> =>
    eachItem(
      (ExclusiveStartKey) =>
        pictures.Query({
          KeyConditionExpression: "#owner = :user",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: marshall({ ":user": user }),
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      ({ photo }) => pictures.DeleteItem({ Key: { owner: { S: user }, photo: photo as AttributeValue } }),
    );
