import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import {
  type UserEvent,
  type UserRemovedEvent,
  userChanged,
  userRegistered,
  userRemoved,
} from "../users/events";
import { type Delivery, deliveriesWriter } from "./delivery";
import type { Recipient, RemovedRecipient } from "./recipient";

/** The events that `followUsers` follows. */
export const userEvents = [userRegistered, userChanged, userRemoved];

/**
 * Keeps of each user whether and where they get campaigns. Events come late, twice and in any order: one that is not
 * newer than what is known changes nothing. Of a user who is gone, nothing personal stays.
 */
export const followUsers = (recipients: TableClient, deliveries: TableClient<"byUser">) => {
  const { remove } = deliveriesWriter(deliveries);

  /** Answers whether the item is of this version now. */
  const change = async (
    { user, version, ...values }: Omit<Recipient, "lastCampaign"> | RemovedRecipient,
    gone: readonly string[],
  ): Promise<boolean> => {
    const set = { version, ...values };
    const names = Object.keys(set);
    try {
      await recipients.UpdateItem({
        Key: marshall({ user }),
        UpdateExpression:
          `SET ${names.map((name) => `#${name} = :${name}`).join(", ")} ` +
          `REMOVE ${gone.map((name) => `#${name}`).join(", ")}`,
        ConditionExpression: "attribute_not_exists(#version) OR #version < :version",
        ExpressionAttributeNames: Object.fromEntries([...names, ...gone].map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: marshall(
          Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
        ),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return true;
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
      return error.Item?.version?.N === String(version);
    }
  };

  const forget = async (user: string): Promise<void> => {
    let ExclusiveStartKey: Record<string, ddb.AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await deliveries.indexes.byUser.Query({
        KeyConditionExpression: "#user = :user",
        ExpressionAttributeNames: { "#user": "user" },
        ExpressionAttributeValues: marshall({ ":user": user }),
        ExclusiveStartKey,
      });
      await remove(Items.map((item) => unmarshall(item) as Delivery));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
  };

  return async (event: EventBridgeEvent<string, UserEvent | UserRemovedEvent>): Promise<void> => {
    const { user, version } = event.detail;
    if ("email" in event.detail) {
      const { email, name, newsletter } = event.detail;
      await change({ user, version, email, name, subscribed: newsletter }, ["removed"]);
    } else if (
      await change({ user, version, removed: true }, [
        "email",
        "name",
        "subscribed",
        "lastCampaign",
        "lastCampaignAt",
      ])
    ) {
      await forget(user);
    }
  };
};
