import { marshall } from "@aws-sdk/util-dynamodb";
import type { PreTokenGenerationV2TriggerEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import { itemOf } from "./profile";
import { profileMaker } from "./profile-maker";

/**
 * Adds to a user's tokens what the profile knows: the name, and groups besides those of the user pool. Who has asked for
 * their account to go gets no tokens any more. Who has no profile, because an administrator has made the user, gets one.
 */
export const addClaims = (profiles: TableClient) => {
  const makeProfile = profileMaker(profiles);
  return async (event: PreTokenGenerationV2TriggerEvent): Promise<PreTokenGenerationV2TriggerEvent> => {
    const { userAttributes, groupConfiguration } = event.request;
    const user = userAttributes.sub ?? event.userName;
    const { Item } = await profiles.GetItem({ Key: marshall({ user }), ConsistentRead: true });
    if (!Item) {
      await makeProfile(user, userAttributes, {});
      return event;
    }
    const { name, groups = [], removedAt } = itemOf(Item);
    if (removedAt !== undefined) {
      throw new Error("The account is being removed.");
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
  };
};
