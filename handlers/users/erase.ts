import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { UserPoolClient } from "../../components/sdk/cognito";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { UserRemovedEvent } from "./events";

/** Erases a user: first from the user pool, so that nobody signs in again and gets a new profile. */
export const erase =
  (users: UserPoolClient, profiles: TableClient) =>
  async ({ detail: { user } }: EventBridgeEvent<string, UserRemovedEvent>): Promise<void> => {
    try {
      await users.AdminDeleteUser({ Username: user });
    } catch (error) {
      if (!(error instanceof cognito.UserNotFoundException)) {
        throw error;
      }
    }
    await profiles.DeleteItem({ Key: marshall({ user }) });
  };
