import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { removalNoter } from "./removal";
import { removeAccount } from "./routes";

export const remove = (profiles: TableClient) => {
  const note = removalNoter(profiles);
  return endpoint(removeAccount, async ({ user }) => {
    await note(user);
    return { status: 202 };
  });
};
