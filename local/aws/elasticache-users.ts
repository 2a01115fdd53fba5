import { isDeepStrictEqual } from "node:util";
import {
  CreateUserCommand,
  CreateUserGroupCommand,
  DeleteUserCommand,
  DeleteUserGroupCommand,
  DescribeUserGroupsCommand,
  DescribeUsersCommand,
  ElastiCacheClient,
  ModifyUserCommand,
  ModifyUserGroupCommand,
} from "@aws-sdk/client-elasticache";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, resource } from "../engine/resource";
import { arnOf, checkName, InvalidElastiCacheParameter, retagArn } from "./elasticache-parameters";
import { createAnew, ifPresent } from "./faults";
import { request } from "./request";
import { tagList } from "./tags";

type UserInputs = Inputs<aws.elasticache.UserArgs>;

/** Passwords, wherever the program gives them. */
function passwordsOf({ passwords, authenticationMode, passwordsWo }: UserInputs): string[] | undefined {
  const all = [
    ...(passwords ?? []),
    ...(authenticationMode?.passwords ?? []),
    ...(passwordsWo === undefined ? [] : [passwordsWo]),
  ];
  return all.length > 0 ? all : undefined;
}

/** @throws InvalidElastiCacheParameter */
function checkUser(inputs: UserInputs): void {
  const { userId, userName, accessString, authenticationMode } = inputs;
  checkName("The user id", userId);
  if (/(^|\s|\()([><#!]|nopass|resetpass|reset(\s|$))/i.test(accessString)) {
    const rule = "passwords are set by the authentication mode, not by the access string.";
    throw new InvalidElastiCacheParameter("The access string", accessString, rule);
  }
  if (authenticationMode?.type === "iam" && userName !== userId) {
    const rule = `with IAM authentication it must be the user id, "${userId}".`;
    throw new InvalidElastiCacheParameter("The user name", userName, rule);
  }
  const passwords = passwordsOf(inputs) ?? [];
  if (passwords.length > 2 || passwords.some(({ length }) => length < 16 || length > 128)) {
    throw new InvalidElastiCacheParameter(
      "The user",
      userId,
      "it has one or two passwords of 16 to 128 characters.",
    );
  }
}

function userFields(inputs: UserInputs) {
  return {
    AccessString: inputs.accessString,
    AuthenticationMode: inputs.authenticationMode && { Type: inputs.authenticationMode.type },
    Engine: inputs.engine,
    NoPasswordRequired: inputs.noPasswordRequired,
    Passwords: passwordsOf(inputs),
    UserId: inputs.userId,
  };
}

export const user = resource<aws.elasticache.UserArgs>({
  replaceOn: ["userId", "userName"],
  outputs: (id, inputs, place) => ({
    arn: arnOf(`user:${id}`, place),
    authenticationMode: {
      ...(inputs.authenticationMode ?? {
        type: inputs.noPasswordRequired ? "no-password-required" : "password",
      }),
      passwordCount: passwordsOf(inputs)?.length ?? 0,
    },
  }),
  async create(inputs, cloud) {
    checkUser(inputs);
    const client = cloud.client(ElastiCacheClient);
    const { userId: UserId, userName: UserName } = inputs;
    const Tags = tagList(inputs.tags);
    const create = new CreateUserCommand(request({ ...userFields(inputs), UserName, Tags }));
    await createAnew(
      () => client.send(create),
      () => client.send(new DeleteUserCommand({ UserId })),
    );
    return { id: UserId };
  },
  async read(id, _inputs, cloud) {
    const describe = new DescribeUsersCommand({ UserId: id });
    return (await ifPresent(cloud.client(ElastiCacheClient).send(describe))) && {};
  },
  async update(id, inputs, old, cloud) {
    checkUser(inputs);
    if (!isDeepStrictEqual(userFields(inputs), userFields(old))) {
      await cloud.client(ElastiCacheClient).send(new ModifyUserCommand(request(userFields(inputs))));
    }
    await retagArn(arnOf(`user:${id}`, cloud), cloud, inputs.tags, old.tags);
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(ElastiCacheClient).send(new DeleteUserCommand({ UserId: id })));
  },
});

/** @throws UserNotFoundFault, where the emulator takes any member. */
async function checkMembers(members: readonly string[], cloud: Cloud): Promise<void> {
  const client = cloud.client(ElastiCacheClient);
  await Promise.all(members.map((UserId) => client.send(new DescribeUsersCommand({ UserId }))));
}

export const userGroup = resource<aws.elasticache.UserGroupArgs>({
  replaceOn: ["userGroupId"],
  outputs: (id, inputs, place) => ({
    arn: arnOf(`usergroup:${id}`, place),
    userIds: inputs.userIds ?? [],
  }),
  async create(inputs, cloud) {
    const { userGroupId: UserGroupId, engine: Engine, userIds: UserIds = [] } = inputs;
    checkName("The user group id", UserGroupId);
    await checkMembers(UserIds, cloud);
    const client = cloud.client(ElastiCacheClient);
    const create = new CreateUserGroupCommand({ UserGroupId, Engine, UserIds, Tags: tagList(inputs.tags) });
    await createAnew(
      () => client.send(create),
      () => client.send(new DeleteUserGroupCommand({ UserGroupId })),
    );
    return { id: UserGroupId };
  },
  async read(id, _inputs, cloud) {
    const describe = new DescribeUserGroupsCommand({ UserGroupId: id });
    return (await ifPresent(cloud.client(ElastiCacheClient).send(describe))) && {};
  },
  async update(id, inputs, old, cloud) {
    const [wanted, had] = [new Set(inputs.userIds), new Set(old.userIds)];
    const UserIdsToAdd = [...wanted].filter((userId) => !had.has(userId));
    const UserIdsToRemove = [...had].filter((userId) => !wanted.has(userId));
    await checkMembers(UserIdsToAdd, cloud);
    if (UserIdsToAdd.length > 0 || UserIdsToRemove.length > 0) {
      const modify = new ModifyUserGroupCommand({ UserGroupId: id, UserIdsToAdd, UserIdsToRemove });
      await cloud.client(ElastiCacheClient).send(modify);
    }
    await retagArn(arnOf(`usergroup:${id}`, cloud), cloud, inputs.tags, old.tags);
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(ElastiCacheClient).send(new DeleteUserGroupCommand({ UserGroupId: id })));
  },
});
