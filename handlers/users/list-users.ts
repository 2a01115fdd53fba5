import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import type { UserPoolClient } from "../../components/sdk/cognito";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { listUsers } from "./routes";

/** Users as the user pool knows them, a page at a time. */
export const list = (users: UserPoolClient) =>
  endpoint(listUsers, async ({ query: { limit, cursor, email } }) => {
    try {
      const { Users = [], PaginationToken } = await users.ListUsers({
        Limit: limit,
        PaginationToken: cursor,
        // Quotes would end the text in the filter's language.
        Filter: email === undefined ? undefined : `email ^= "${email.replace(/["\\]/g, "\\$&")}"`,
      });
      return { status: 200, body: { users: Users.map(userOf), cursor: PaginationToken } };
    } catch (error) {
      if (!(error instanceof cognito.InvalidParameterException)) {
        throw error;
      }
      if (cursor !== undefined) {
        throw problem(400, "The cursor is none that this list has given; ask again without one.", [
          { at: "query/cursor", message: "not a cursor of this list" },
        ]);
      }
      if (email !== undefined) {
        throw problem(400, "No address begins so.", [
          { at: "query/email", message: "not the beginning of an address" },
        ]);
      }
      throw error;
    }
  });

function userOf({ Username, Attributes = [], Enabled, UserStatus, UserCreateDate }: cognito.UserType) {
  const attribute = (name: string) => Attributes.find(({ Name }) => Name === name)?.Value;
  return {
    user: attribute("sub") ?? Username,
    email: attribute("email"),
    emailVerified: attribute("email_verified") === "true",
    status: UserStatus,
    enabled: Enabled,
    createdAt: UserCreateDate?.toISOString(),
  };
}
