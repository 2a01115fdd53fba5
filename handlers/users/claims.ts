import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { PreTokenGenerationV2TriggerEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import { itemOf } from "./profile";
import { profileMaker } from "./profile-maker";
import { refusal, trigger } from "./trigger";

/**
 * Adds to a user's tokens what the profile knows: the name, and groups besides those of the user pool. Who has asked for
 * their account to go gets no tokens any more. Who has no profile, because an administrator has made the user, gets one;
 * whose address has changed at the user pool, has it from then on in the profile as well.
 */
export const addClaims = (profiles: TableClient) => {
  const makeProfile = profileMaker(profiles);
  const noteAddress = async (user: string, email: string, version: number) => {
    try {
      await profiles.UpdateItem({
        Key: marshall({ user }),
        UpdateExpression: "SET #email = :email, #version = :next",
        ConditionExpression: "#version = :version",
        ExpressionAttributeNames: { "#email": "email", "#version": "version" },
        ExpressionAttributeValues: marshall({ ":email": email, ":version": version, ":next": version + 1 }),
      });
    } catch (error) {
      // Something else has changed meanwhile: the next tokens will see to it.
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
    }
  };
  return trigger(async (event: PreTokenGenerationV2TriggerEvent) => {
    const { userAttributes, groupConfiguration } = event.request;
    const user = userAttributes.sub ?? event.userName;
    const { Item } = await profiles.GetItem({ Key: marshall({ user }), ConsistentRead: true });
    if (!Item) {
      await makeProfile(user, userAttributes, {});
      return event;
    }
    const { name, email, version, groups = [], removedAt } = itemOf(Item);
    if (removedAt !== undefined) {
      throw refusal("The account is being removed.");
    }
    const { email: address, email_verified: verified } = userAttributes;
    if (address !== undefined && address !== email && verified === "true") {
      await noteAddress(user, address, version);
    }
    return {
      ...event,
      response: {
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: { claimsToAddOrOverride: { name } },
          groupOverrideDetails: {
            ...groupConfiguration,
            groupsToOverride: [...new Set([...(groupConfiguration.groupsToOverride ?? []), ...groups])],
          },
        },
      },
    };
  });
};
