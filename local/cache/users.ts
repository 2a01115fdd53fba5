import type * as aws from "@pulumi/aws";
import { Graph, type Node } from "../checks/graph";
import type { Resource } from "../engine/resource";

/** How a user shows who it is, in ElastiCache's words. */
export type Authentication = "iam" | "password" | "no-password-required";

/** A user of a cache. */
export interface CacheUser {
  readonly id: string;
  /** What a client logs in as. */
  readonly name: string;
  /** What it may do, in Valkey's words: `on ~most-viewed* -@all +get`. */
  readonly accessString: string;
  readonly authentication: Authentication;
  readonly passwords: readonly string[];
}

/** A serverless cache with the users of its group. */
export interface DeployedCache {
  readonly name: string;
  readonly users: readonly CacheUser[];
}

const cacheType = "aws:elasticache/serverlessCache:ServerlessCache";
const userType = "aws:elasticache/user:User";
const groupType = "aws:elasticache/userGroup:UserGroup";

/** The serverless caches among what is deployed. */
export function deployedCaches(resources: readonly Resource[]): readonly DeployedCache[] {
  const graph = new Graph(resources);
  const users = graph.ofType<aws.elasticache.UserArgs>(userType).map(({ inputs }) => userOf(inputs));
  const groups = graph.ofType<aws.elasticache.UserGroupArgs>(groupType);
  return graph.ofType<aws.elasticache.ServerlessCacheArgs>(cacheType).map(({ id, inputs }) => {
    const group = groups.find((one) => one.id === inputs.userGroupId);
    const members = new Set(group?.inputs.userIds);
    return { name: id, users: users.filter((user) => members.has(user.id)) };
  });
}

function userOf(inputs: Node<aws.elasticache.UserArgs>["inputs"]): CacheUser {
  const { userId = "", userName = "", accessString = "", authenticationMode, passwordsWo } = inputs;
  const passwords = [
    ...(inputs.passwords ?? []),
    ...(authenticationMode?.passwords ?? []),
    ...(passwordsWo === undefined ? [] : [passwordsWo]),
  ];
  const type = inputs.noPasswordRequired ? "no-password-required" : authenticationMode?.type;
  const authentication = type === "iam" || type === "no-password-required" ? type : "password";
  return { id: userId, name: userName, accessString, authentication, passwords };
}
