import * as sha from "@aws-crypto/sha256-js";
import * as provider from "@aws-sdk/credential-provider-env";
import * as signature from "@smithy/signature-v4";

/** What ElastiCache allows at most; it counts when a connection is made, which may then stay for 12 hours. */
const validSeconds = 900;

/**
 * What a user that IAM authenticates gives for its password: a request to connect, signed with the function's
 * credentials, without the scheme.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export async function connectToken(cacheName: string, userId: string): Promise<string> {
  const signer = new signature.SignatureV4({
    service: "elasticache",
    region: process.env.AWS_REGION ?? "",
    credentials: provider.fromEnv(),
    sha256: sha.Sha256,
  });
  const request = {
    method: "GET",
    protocol: "http:",
    hostname: cacheName,
    path: "/",
    headers: { host: cacheName },
    query: { Action: "connect", User: userId, ResourceType: "ServerlessCache" },
  };
  const { query = {} } = await signer.presign(request, { expiresIn: validSeconds });
  const parameters = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `${cacheName}/?${parameters.join("&")}`;
}
