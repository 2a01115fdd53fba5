import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import { eachItem } from "../each-item";
import type { UserRemovedEvent } from "../users/events";

/**
 * Forgets how far anything of a user who is gone is, and their connections, which are then told nothing more. What an
 * event that is late brings back expires as all does.
 */
export const erase = (states: TableClient, connections: TableClient) => {
  const erasers = [eraser(states, "subject"), eraser(connections, "id")];
  return async ({ detail: { user } }: EventBridgeEvent<string, UserRemovedEvent>): Promise<void> => {
    for (const eraseOf of erasers) {
      await eraseOf(user);
    }
  };
};

/** Deletes all items of a user from a table whose key is the user and the attribute `sort`. */
const eraser =
  (table: TableClient, sort: string) =>
  (user: string): Promise<void> =>
    eachItem(
      (ExclusiveStartKey) =>
        table.Query({
          KeyConditionExpression: "#user = :user",
          ExpressionAttributeNames: { "#user": "user" },
          ExpressionAttributeValues: marshall({ ":user": user }),
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      (item) => table.DeleteItem({ Key: { user: { S: user }, [sort]: item[sort] as AttributeValue } }),
    );
