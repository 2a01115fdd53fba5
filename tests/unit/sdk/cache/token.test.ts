import * as crypto from "node:crypto";
import { connectToken } from "../../../../components/sdk/cache/token";

const now = new Date("2026-01-02T03:04:05Z");
const secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** What follows from the description of Signature Version 4, by Node's own means. */
function expectedToken(sessionToken: string | undefined): string {
  const sha256 = (text: string) => crypto.createHash("sha256").update(text).digest("hex");
  const hmac = (key: crypto.BinaryLike, text: string) =>
    crypto.createHmac("sha256", key).update(text).digest();
  const scope = "20260102/eu-west-1/elasticache/aws4_request";
  const parameters: Record<string, string> = {
    Action: "connect",
    User: "gallery-test-views",
    ResourceType: "ServerlessCache",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `AKIDEXAMPLE/${scope}`,
    "X-Amz-Date": "20260102T030405Z",
    "X-Amz-Expires": "900",
    "X-Amz-SignedHeaders": "host",
    ...(sessionToken && { "X-Amz-Security-Token": sessionToken }),
  };
  const query = Object.keys(parameters)
    .sort()
    .map((name) => `${name}=${encodeURIComponent(parameters[name] ?? "")}`)
    .join("&");
  const request = ["GET", "/", query, "host:views-1234567\n", "host", sha256("")].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", "20260102T030405Z", scope, sha256(request)].join("\n");
  const key = ["20260102", "eu-west-1", "elasticache", "aws4_request"].reduce<crypto.BinaryLike>(
    hmac,
    `AWS4${secretKey}`,
  );
  const signature = crypto.createHmac("sha256", key).update(toSign).digest("hex");
  return `${query}&X-Amz-Signature=${signature}`;
}

const sorted = (query: string) => query.split("&").sort();

test.each([
  ["of a role", "IQoJb3JpZ2luX2VjE//////////+a=="],
  ["of no session", undefined],
])("credentials %s sign a request to connect, for 15 minutes", async (_, sessionToken) => {
  jest.useFakeTimers({ now });
  jest.replaceProperty(process, "env", {
    ...process.env,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: secretKey,
    AWS_SESSION_TOKEN: sessionToken,
  });

  const [host, query = ""] = (await connectToken("views-1234567", "gallery-test-views")).split("/?");

  expect(host).toBe("views-1234567");
  expect(sorted(query)).toEqual(sorted(expectedToken(sessionToken)));
});

test("without credentials there is none", async () => {
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...others } = process.env;
  jest.replaceProperty(process, "env", others);

  await expect(connectToken("views-1234567", "gallery-test-views")).rejects.toThrow(/credentials/i);
});
