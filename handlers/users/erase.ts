import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { UserPoolClient } from "../../components/sdk/cognito";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { UserRemovedEvent } from "./events";

/**
 * Erases a user: first from the user pool, so that nobody signs in again and gets a new profile. The pool deletes who
 * signs in elsewhere only by the name they have there.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html
 */
export const erase =
  (users: UserPoolClient, profiles: TableClient) =>
  async ({ detail: { user } }: EventBridgeEvent<string, UserRemovedEvent>): Promise<void> => {
    const { Users: [found] = [] } = await users.ListUsers({ Filter: `sub = "${user}"`, Limit: 1 });
    try {
      await users.AdminDeleteUser({ Username: found?.Username ?? user });
    } catch (error) {
      if (!(error instanceof cognito.UserNotFoundException)) {
        throw error;
      }
    }
    await profiles.DeleteItem({ Key: marshall({ user }) });
  };
