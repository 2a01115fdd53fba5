import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { isName, longestName, type ProfileItem } from "./profile";

type Attributes = Readonly<Record<string, string | undefined>>;

/**
 * Makes the profile of a user by what the user pool knows of them, unless there is one; the table's stream tells the
 * bus of it.
 */
export const profileMaker =
  (profiles: TableClient) =>
  async (user: string, attributes: Attributes, wishes: Attributes): Promise<void> => {
    const { email = "", name, phone_number: phone, phone_number_verified: isOwn } = attributes;
    const profile: ProfileItem = {
      user,
      email,
      name: name !== undefined && isName(name) ? name.trim() : nameFor(email),
      about: "",
      newsletter: wishes.newsletter === "true",
      // A number that nobody has shown to be theirs would let strangers have texts sent to others.
      ...(phone !== undefined && isOwn === "true" ? { phone } : {}),
      version: 1,
      registeredAt: new Date().toISOString(),
    };
    try {
      await profiles.PutItem({
        Item: marshall(profile),
        ConditionExpression: "attribute_not_exists(#user)",
        ExpressionAttributeNames: { "#user": "user" },
      });
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
    }
  };

/** What to call who has given no name: what their address begins with. */
function nameFor(email: string): string {
  const [local = ""] = email.split("@");
  const name = local.replace(/\+.*$/, "").slice(0, longestName);
  return isName(name) ? name : "Photographer";
}
