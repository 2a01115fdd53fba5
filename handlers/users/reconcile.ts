import type { UserPoolClient } from "../../components/sdk/cognito";
import type { TableClient } from "../../components/sdk/dynamodb";
import { eachItem } from "../each-item";
import { removalNoter } from "./removal";

/** @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html */
const usersPerPage = 60;

/** More missing users than so many, and than this share of all, are a fault of the pool's and not people who left. */
const fewest = 20;
const largestShare = 0.05;

/**
 * Finds users whom the user pool no longer has, each night: who deletes themselves there tells nobody. Profiles are read
 * before the pool's users, so that nobody who registers meanwhile is missed there; each is asked for once more by name.
 */
export const reconcile = (users: UserPoolClient, profiles: TableClient) => {
  const note = removalNoter(profiles);
  const inPool = async (user: string) => {
    const { Users = [] } = await users.ListUsers({ Filter: `sub = "${user}"`, Limit: 1 });
    return Users.length > 0;
  };
  return async (): Promise<void> => {
    const missing = new Set<string>();
    let profilesCount = 0;
    await eachItem(
      (ExclusiveStartKey) =>
        profiles.Scan({
          ProjectionExpression: "#user",
          FilterExpression: "attribute_not_exists(#removedAt)",
          ExpressionAttributeNames: { "#user": "user", "#removedAt": "removedAt" },
          ExclusiveStartKey,
        }),
      async ({ user }) => {
        profilesCount += 1;
        missing.add(user?.S ?? "");
      },
    );
    let PaginationToken: string | undefined;
    do {
      const page = await users.ListUsers({ AttributesToGet: ["sub"], Limit: usersPerPage, PaginationToken });
      for (const { Attributes = [] } of page.Users ?? []) {
        missing.delete(Attributes.find(({ Name }) => Name === "sub")?.Value ?? "");
      }
      PaginationToken = page.PaginationToken;
    } while (PaginationToken !== undefined);
    if (missing.size > Math.max(fewest, profilesCount * largestShare)) {
      throw new Error(
        `${missing.size} of ${profilesCount} users are not in the user pool, more than leave in a day: nobody is ` +
          "removed. If the pool is the right one, remove their profiles by hand.",
      );
    }
    for (const user of missing) {
      if (!(await inPool(user))) {
        await note(user);
        console.info("a user is no longer in the user pool", { user });
      }
    }
  };
};
