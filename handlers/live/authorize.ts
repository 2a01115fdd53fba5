import * as jwt from "aws-jwt-verify";
import * as jwtError from "aws-jwt-verify/error";
import * as jwk from "aws-jwt-verify/jwk";
import type { AuthorizerEvent, AuthorizerResult } from "../../components/socket-contract";

/** How long Cognito may take to answer its keys. */
const keysTimeoutMilliseconds = 3000;

/**
 * Lets a handshake through whose token is an access token of the user pool's client. It denies any other (403) rather
 * than fails: a failing authorizer is one that cannot get at the pool's keys, and nobody can cause that by a bad token.
 * `USER_POOL_ID` and `USER_POOL_CLIENT_ID` name the pool and the client.
 */
export const authorize = {
  factory: () => {
    const { USER_POOL_ID = "", USER_POOL_CLIENT_ID = "", AWS_ENDPOINT_URL } = process.env;
    // It keeps the pool's keys, and gets them anew, though not at any rate, when a token names one it does not know.
    const verifier = jwt.CognitoJwtVerifier.create(
      { userPoolId: USER_POOL_ID, clientId: USER_POOL_CLIENT_ID, tokenUse: "access" },
      {
        jwksCache: new jwk.SimpleJwksCache({ fetcher: { fetch: (uri) => fetchKeys(uri, AWS_ENDPOINT_URL) } }),
      },
    );
    return async ({ methodArn, queryStringParameters }: AuthorizerEvent): Promise<AuthorizerResult> => {
      try {
        const { sub, exp } = await verifier.verify(queryStringParameters?.token ?? "");
        return { ...answer("Allow", sub, methodArn), context: { sub, expiresAt: String(exp) } };
      } catch (error) {
        if (!(error instanceof jwtError.JwtBaseError) || error instanceof jwtError.JwksValidationError) {
          throw error;
        }
        console.log("a token was refused", { reason: error.message });
        return answer("Deny", "nobody", methodArn);
      }
    };
  },
};

function answer(Effect: "Allow" | "Deny", principalId: string, Resource: string): AuthorizerResult {
  return {
    principalId,
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect, Action: "execute-api:Invoke", Resource }],
    },
  };
}

/** Where AWS is elsewhere, by the variable that SDKs heed, so are the keys. */
async function fetchKeys(uri: string, endpoint: string | undefined): Promise<ArrayBuffer> {
  const address = endpoint === undefined ? uri : new URL(new URL(uri).pathname, endpoint);
  const response = await fetch(address, { signal: AbortSignal.timeout(keysTimeoutMilliseconds) });
  if (!response.ok) {
    throw new Error(`${address} answers ${response.status} instead of the user pool's keys.`);
  }
  return response.arrayBuffer();
}
