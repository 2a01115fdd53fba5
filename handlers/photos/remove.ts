import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { assertOwner } from "./owner";
import { removePhoto } from "./routes";

export const remove = (photos: TableClient) =>
  endpoint(removePhoto, async ({ user, path: { id } }) => {
    try {
      await photos.DeleteItem({
        Key: marshall({ id }),
        ConditionExpression: "#owner = :user",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: marshall({ ":user": user }),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
    } catch (error) {
      if (error instanceof ddb.ConditionalCheckFailedException) {
        assertOwner(id, user, error.Item);
      }
      throw error;
    }
    return { status: 204 };
  });
