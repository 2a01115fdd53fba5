import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import type { UserPoolClient } from "../../components/sdk/cognito";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { refreshTokens } from "./routes";

/** New tokens for a refresh token; 401 for one that is forged, expired, revoked or of another client. */
export const refresh = (users: UserPoolClient) =>
  endpoint(refreshTokens, async ({ body: { refreshToken } }) => {
    try {
      const { AuthenticationResult: tokens } = await users.RefreshTokens({ refreshToken });
      return {
        status: 200,
        headers: { "cache-control": "no-store" },
        body: {
          accessToken: tokens?.AccessToken,
          idToken: tokens?.IdToken,
          expiresIn: tokens?.ExpiresIn,
          tokenType: tokens?.TokenType,
        },
      };
    } catch (error) {
      if (
        error instanceof cognito.NotAuthorizedException ||
        error instanceof cognito.UserNotFoundException ||
        error instanceof cognito.InvalidParameterException ||
        (error instanceof cognito.UserLambdaValidationException && /being removed/.test(error.message))
      ) {
        throw problem(401, "The refresh token is not valid, or no longer; sign in again.");
      }
      if (error instanceof cognito.UserLambdaValidationException) {
        throw problem(503, "Tokens cannot be made just now; try again in a moment.");
      }
      throw error;
    }
  });
