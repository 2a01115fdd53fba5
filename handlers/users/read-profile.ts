import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { itemOf, profileOf } from "./profile";
import { readProfile, showProfile } from "./routes";

const reader =
  (profiles: TableClient) =>
  async (user: string): Promise<ReturnType<typeof profileOf>> => {
    const { Item } = await profiles.GetItem({ Key: marshall({ user }) });
    const item = Item && itemOf(Item);
    if (!item || item.removedAt !== undefined) {
      throw problem(404, `There is no user ${user}.`);
    }
    return profileOf(item);
  };

/** A user's own profile. */
export const read = (profiles: TableClient) => {
  const profile = reader(profiles);
  return endpoint(readProfile, async ({ user }) => ({ status: 200, body: await profile(user) }));
};

/** What partners may know of a user. */
export const show = (profiles: TableClient) => {
  const profile = reader(profiles);
  return endpoint(showProfile, async ({ path }) => {
    const { user, name, about } = await profile(path.user);
    return { status: 200, body: { user, name, about } };
  });
};
