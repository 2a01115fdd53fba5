import type { Properties, Resource } from "../../../local/engine/resource";
import { resource } from "../../unit/completions/resource";

/** Access strings of users whom IAM authenticates, or all their inputs. */
export type Users = Readonly<Record<string, string | Properties>>;

/** Caches, as they are deployed: name → ids of the users in its group, and all users. */
export function caches(members: Readonly<Record<string, readonly string[]>>, users: Users): Resource[] {
  const iam = { authenticationMode: { type: "iam" } };
  return [
    ...Object.entries(users).map(([id, given]) =>
      resource("aws:elasticache/user:User", id, {
        userId: id,
        userName: id,
        ...(typeof given === "string" ? { accessString: given, ...iam } : given),
      }),
    ),
    ...Object.entries(members).flatMap(([name, userIds]) => [
      resource("aws:elasticache/userGroup:UserGroup", name, { userIds }),
      resource("aws:elasticache/serverlessCache:ServerlessCache", name, { userGroupId: name }),
    ]),
  ];
}
