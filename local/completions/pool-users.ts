import {
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  type AttributeType,
  type CognitoIdentityProviderClient,
  paginateListUsers,
} from "@aws-sdk/client-cognito-identity-provider";

/** A user as the pool keeps them. */
export interface PoolUser {
  /** The real one, whatever the user signs in with. */
  readonly username: string;
  readonly status: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The user whom a request names by username, alias or `sub`. */
export async function userOf(
  client: CognitoIdentityProviderClient,
  UserPoolId: string,
  name: string,
): Promise<PoolUser> {
  const user = await client.send(new AdminGetUserCommand({ UserPoolId, Username: name }));
  const { Username = name, UserStatus = "", UserAttributes } = user;
  return { username: Username, status: UserStatus, attributes: attributesOf(UserAttributes) };
}

/** Users of other identity providers who are in the pool since a time, in milliseconds since 1970. */
export async function federatedUsersSince(
  client: CognitoIdentityProviderClient,
  UserPoolId: string,
  sinceMs: number,
): Promise<readonly PoolUser[]> {
  const users: PoolUser[] = [];
  // No filter knows the status or the time.
  for await (const { Users = [] } of paginateListUsers({ client }, { UserPoolId })) {
    for (const { Username = "", UserStatus = "", UserCreateDate, Attributes } of Users) {
      if (UserStatus === "EXTERNAL_PROVIDER" && UserCreateDate && UserCreateDate.getTime() >= sinceMs) {
        users.push({ username: Username, status: UserStatus, attributes: attributesOf(Attributes) });
      }
    }
  }
  return users;
}

/** Keeps for good that the user's email address is verified, which the emulator forgets; answers the user since. */
export async function verifyEmail(
  client: CognitoIdentityProviderClient,
  UserPoolId: string,
  user: PoolUser,
): Promise<PoolUser> {
  const verified = { ...user, attributes: { ...user.attributes, email_verified: "true" } };
  await client.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId,
      Username: user.username,
      UserAttributes: [{ Name: "email_verified", Value: "true" }],
    }),
  );
  return verified;
}

function attributesOf(attributes: readonly AttributeType[] = []): Record<string, string> {
  return Object.fromEntries(attributes.map(({ Name = "", Value = "" }) => [Name, Value]));
}
