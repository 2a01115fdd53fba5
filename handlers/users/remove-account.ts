import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { removeAccount } from "./routes";

/**
 * Notes that the account is to go. That is all it does at once: the stream tells the bus, and each service, this one
 * among them, erases its part and tries again until it has.
 */
export const remove = (profiles: TableClient) =>
  endpoint(removeAccount, async ({ user }) => {
    try {
      await profiles.UpdateItem({
        Key: marshall({ user }),
        UpdateExpression: "SET #removedAt = :now, #version = if_not_exists(#version, :none) + :one",
        ConditionExpression: "attribute_not_exists(#removedAt)",
        ExpressionAttributeNames: { "#removedAt": "removedAt", "#version": "version" },
        ExpressionAttributeValues: marshall({ ":now": new Date().toISOString(), ":none": 0, ":one": 1 }),
      });
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
    }
    return { status: 202 };
  });
