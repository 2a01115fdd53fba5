import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import { type Bound, service } from "./bind";

interface PoolTarget {
  readonly UserPoolId: string;
  readonly ClientId: string;
}

const { method } = service(() => new cognito.CognitoIdentityProviderClient({}));

/**
 * Cognito operations on a user pool and its web client.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
 */
export const userPoolMethods = {
  ListUsers: method(
    "cognito-idp:ListUsers",
    ({ UserPoolId }: PoolTarget, input: Omit<cognito.ListUsersCommandInput, "UserPoolId">) =>
      new cognito.ListUsersCommand({ ...input, UserPoolId }),
  ),
  AdminDeleteUser: method(
    "cognito-idp:AdminDeleteUser",
    ({ UserPoolId }: PoolTarget, input: Omit<cognito.AdminDeleteUserCommandInput, "UserPoolId">) =>
      new cognito.AdminDeleteUserCommand({ ...input, UserPoolId }),
  ),
  /** Anybody may ask: the refresh token is what gives access. */
  RefreshTokens: method(
    undefined,
    ({ ClientId }: PoolTarget, { refreshToken: REFRESH_TOKEN }: { readonly refreshToken: string }) =>
      new cognito.InitiateAuthCommand({
        ClientId,
        AuthFlow: "REFRESH_TOKEN_AUTH",
        AuthParameters: { REFRESH_TOKEN },
      }),
  ),
};

/** The bound client of a user pool. */
export type UserPoolClient = Bound<typeof userPoolMethods>;
