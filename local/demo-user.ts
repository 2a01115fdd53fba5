import { randomBytes } from "node:crypto";
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  UsernameExistsException,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Cloud, Resource } from "./engine/resource";

/** A user who may sign in to a pool of the local cloud. */
export interface DemoUser {
  readonly userPoolId: string;
  readonly username: string;
  /** Made anew at each start. */
  readonly password: string;
  /** Clients of the pool that take the password itself, without Secure Remote Password. */
  readonly passwordClientIds: readonly string[];
}

const username = "demo@gallery.example";

/** Puts the demo user, confirmed, into every user pool. */
export async function seedDemoUsers(resources: readonly Resource[], cloud: Cloud): Promise<DemoUser[]> {
  const client = cloud.client(CognitoIdentityProviderClient);
  const pools = resources.filter(({ type }) => type === "aws:cognito/userPool:UserPool");
  return Promise.all(
    pools.map(async ({ id: UserPoolId }) => {
      const password = `${randomBytes(12).toString("base64url")}aA1!`;
      try {
        await client.send(
          new AdminCreateUserCommand({
            UserPoolId,
            Username: username,
            MessageAction: "SUPPRESS",
            UserAttributes: [
              { Name: "email", Value: username },
              { Name: "email_verified", Value: "true" },
            ],
          }),
        );
      } catch (error) {
        if (!(error instanceof UsernameExistsException)) {
          throw error;
        }
      }
      await client.send(
        new AdminSetUserPasswordCommand({
          UserPoolId,
          Username: username,
          Password: password,
          Permanent: true,
        }),
      );
      const passwordClientIds = resources
        .filter(
          ({ type, inputs }) =>
            type === "aws:cognito/userPoolClient:UserPoolClient" &&
            inputs.userPoolId === UserPoolId &&
            Array.isArray(inputs.explicitAuthFlows) &&
            inputs.explicitAuthFlows.includes("ALLOW_USER_PASSWORD_AUTH"),
        )
        .map(({ id }) => id);
      return { userPoolId: UserPoolId, username, password, passwordClientIds };
    }),
  );
}
