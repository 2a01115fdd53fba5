/** How long ElastiCache takes a token ("Authenticating with IAM": 15 minutes). */
const LONGEST_VALIDITY_SECONDS = 900;

/**
 * An IAM authentication token, as a client shows it for a password: the address of a presigned request
 * `http://<cache>/?Action=connect&User=<user id>&ResourceType=ServerlessCache`, without `http://`.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export interface Token {
  /** Name of the serverless cache. */
  readonly cache: string;
  readonly userId: string;
  /** The whole query, which the signature is made for. */
  readonly query: string;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Reads a token without looking at its signature; undefined for any other password. */
export function readToken(password: string): Token | undefined {
  const [, cache, query] = /^([\w.-]+)\/\?([!-~]+)$/.exec(password) ?? [];
  const fields = new URLSearchParams(query);
  const userId = fields.get("User");
  const [, , , service] = fields.get("X-Amz-Credential")?.split("/") ?? [];
  const signedAt = timeOf(fields.get("X-Amz-Date") ?? "");
  const seconds = Number(fields.get("X-Amz-Expires") ?? Number.NaN);
  const isConnect = fields.get("Action") === "connect" && fields.get("ResourceType") === "ServerlessCache";
  if (!cache || !query || query.includes("#") || !userId || !isConnect || service !== "elasticache") {
    return undefined;
  }
  const expiresAt = signedAt + Math.min(seconds, LONGEST_VALIDITY_SECONDS) * 1000;
  return Number.isFinite(expiresAt) ? { cache, userId, query, expiresAt } : undefined;
}

/** `20260102T030405Z` in milliseconds since 1970. */
function timeOf(amzDate: string): number {
  return Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** Header with which the emulator verifies a token as what it is, a request to the cache (local/emulator.py). */
const CACHE_HEADER = "x-gallery-cache";

/**
 * Whether AWS would let the token's signer connect: signature, session, and `elasticache:Connect` on both the cache and
 * the user. It is asked through the front door, as a call that is on record and that faults can strike.
 */
export async function mayConnect({ cache, query }: Token, endpoint: string): Promise<boolean> {
  const { ok, body } = await fetch(`${endpoint}/?${query}`, {
    method: "POST",
    headers: { [CACHE_HEADER]: cache },
    body: new URLSearchParams({ Action: "Connect", ServerlessCacheName: cache }),
  });
  await body?.cancel();
  return ok;
}
