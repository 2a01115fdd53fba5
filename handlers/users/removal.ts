import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";

/**
 * Notes that an account is to go. That is all that is done at once: the stream tells the bus, and each service, this one
 * among them, erases its part and tries again until it has.
 */
export const removalNoter =
  (profiles: TableClient) =>
  async (user: string): Promise<void> => {
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
  };
