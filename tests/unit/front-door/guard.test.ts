import { DEPLOYER_HEADER, Guard } from "../../../local/front-door/guard";
import { exchangeOf, jsonCall, type Request, signed, textOf } from "./exchange";

const TOKEN = "token-of-this-start";
const HOST = "127.0.0.1:4566";
const SESSION = "ASIAFB467372DEA0623A";
const PAGE = { origin: "https://evil.example", "sec-fetch-site": "cross-site", "user-agent": "Mozilla/5.0" };
const API = "/_aws/execute-api/0a1b2c3d/live/photos";
const INVOKE = "/2015-03-31/functions/f/invocations";
const inQuery = (key: string, service: string) =>
  `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${key}/20260102/eu-west-1/${service}/aws4_request&X-Amz-Signature=abc`;

let guard: Guard;
beforeEach(() => {
  guard = new Guard(TOKEN);
});

/** Status of the guard's refusal and what it says; undefined for what it lets through. */
async function refusal({ headers, ...request }: Request): Promise<string | undefined> {
  const reply = await guard.before(await exchangeOf({ ...request, headers: { host: HOST, ...headers } }));
  return reply && `${reply.status} ${await textOf(reply)}`;
}

const from = (headers: object, request: Request): Request => ({
  ...request,
  headers: { ...request.headers, ...headers },
});
const fromPage = (request: Request) => from(PAGE, request);

describe("hosts", () => {
  test.each([
    "127.0.0.1",
    HOST,
    "localhost:4566",
    "LOCALHOST",
    "[::1]:4566",
    "bucket.s3.localhost:1",
    "0a1b2c3d.execute-api.localhost",
  ])("%s is served", async (host) => {
    expect(await refusal({ headers: { host } })).toBeUndefined();
  });

  test.each([
    "evil.example:4566",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "notlocalhost",
    "localhost.localstack.cloud:4566",
    "0a1b2c3d.execute-api.eu-west-1.amazonaws.com",
    "127.0.0.1, evil.example",
    "",
    undefined,
  ])("%s is not", async (host) => {
    expect(await refusal({ url: API, headers: { host } })).toMatch(/^403 .*loopback/);
  });

  test("a custom domain is served where it was declared", async () => {
    guard.allowHosts(["Photos.example", "api.example/v1"]);
    const at = (host: string, url: string) =>
      refusal(fromPage({ url, headers: { host, authorization: "Bearer t" } }));

    expect(await at("photos.example:4566", "/any")).toBeUndefined();
    expect(await at("api.example", "/v1/photos")).toBeUndefined();
    expect(await at("api.example", "/v10")).toMatch(/^403/);
    guard.allowHosts([]);
    expect(await at("photos.example", "/any")).toMatch(/^403/);
  });
});

describe("the emulator's own addresses", () => {
  const PUBLIC = ["/_ministack/health", "/_ministack/ses/messages?account=1", "/_ministack/sns/sms-messages"];

  test.each(PUBLIC)("GET %s is open, but not to a page of another origin", async (url) => {
    expect(await refusal({ url })).toBeUndefined();
    expect(await refusal({ url, headers: { "sec-fetch-site": "none" } })).toBeUndefined();
    expect(await refusal({ url, headers: { origin: "http://localhost:3000" } })).toMatch(/^404/);
    expect(await refusal({ url, headers: { "sec-fetch-site": "cross-site" } })).toMatch(/^404/);
    expect(await refusal({ url, method: "POST" })).toMatch(/^404/);
  });

  test.each([
    "/_ministack/reset",
    "/_ministack/config",
    "/_ministack/rds/iam-auth",
    "/_localstack/health",
    "/%5fministack/reset",
    "/_minist%61ck%2freset",
    "/%5Fministack/cfn-signal/%E0%A4%A",
  ])("POST %s is closed to everybody", async (url) => {
    expect(await refusal({ url, method: "POST" })).toMatch(/^404 .*closed/);
    expect(await refusal(fromPage({ url, method: "POST" }))).toMatch(/^404/);
    const headers = { host: "0a1b2c3d.execute-api.localhost" };
    expect(await refusal({ url, method: "POST", headers })).toMatch(/^404/);
  });
});

test("the front door's own addresses are for programs and pages of its own", async () => {
  const url = "/_gallery/calls";

  expect(await refusal({ url })).toBeUndefined();
  const own = { origin: `http://${HOST}`, "sec-fetch-site": "same-origin" };
  expect(await refusal({ url, headers: own })).toBeUndefined();
  expect(await refusal(fromPage({ url }))).toMatch(/^403/);
  expect(await refusal({ url, headers: { "sec-fetch-site": "same-site" } })).toMatch(/^403/);
});

describe("a page has no root", () => {
  const simple = (url: string, headers = {}): Request =>
    fromPage({ method: "POST", url, headers: { "content-type": "text/plain", ...headers }, body: "{}" });

  test.each<[string, Request]>([
    ["CreateRole with the key in the query", simple(`/?Action=CreateRole&${inQuery("test", "iam")}`)],
    [
      "CreateFunction with the key in the query",
      simple(`/2015-03-31/functions?${inQuery("test", "lambda")}`),
    ],
    ["Invoke with the key in the query", simple(`${INVOKE}?${inQuery("000000000000", "lambda")}`)],
    [
      "a parameter in another spelling",
      simple(`/?x-amz-credential=test/1/r/iam/aws4_request&X-Amz-Algorithm=x`),
    ],
    ["an old signature", simple("/?Action=CreateRole&AWSAccessKeyId=test")],
    [
      "a bearer token, which the emulator takes for root's",
      simple("/?Action=ListRoles", { authorization: "Bearer x" }),
    ],
    ["a signed header", fromPage(jsonCall("dynamodb", "DynamoDB_20120810.ListTables", {}))],
    [
      "a session's signed header",
      fromPage(jsonCall("dynamodb", "DynamoDB_20120810.ListTables", {}, SESSION)),
    ],
    ["nothing at all", simple("/bucket/key")],
    ["a key for an API", simple(`${API}?${inQuery("test", "execute-api")}`)],
    [
      "a key beside a Cognito call",
      simple(`/?${inQuery("test", "cognito-idp")}`, {
        "x-amz-target": "AWSCognitoIdentityProviderService.AdminGetUser",
      }),
    ],
    [
      "a bearer token beside a Cognito call",
      simple("/", {
        authorization: "Bearer x",
        "x-amz-target": "AWSCognitoIdentityProviderService.AdminGetUser",
      }),
    ],
    ["a Cognito page that is none", simple("/signup?Action=ListRoles", { authorization: "Basic x" })],
    ["a token page with a key", simple(`/oauth2/token?${inQuery("test", "iam")}`)],
    [
      "a host that only looks like an API's",
      simple("/?Action=ListRoles", { host: "zz.execute-api.localhost", authorization: "Bearer x" }),
    ],
    ["an API's id that is none", simple("/_aws/execute-api/%2F/x", { authorization: "Bearer x" })],
    [
      "a REST API's stage that is none",
      simple("/restapis/a/b%2Fc/_user_request_/x", { authorization: "Bearer x" }),
    ],
    [
      "a service before the API's host",
      simple("/v2/email/identities", { host: "0a1b2c3d.execute-api.localhost", authorization: "Bearer x" }),
    ],
    ["a connection", simple("/_aws/execute-api/0a1b2c3d/live/@connections/c", { authorization: "Bearer x" })],
    ["root's presigned URL", simple(`/bucket/key?${inQuery("test", "s3")}`)],
    ["root's digits in another script", simple(`/bucket/key?${inQuery("٠١٢٣٤٥٦٧٨٩٠١", "s3")}`)],
    ["a presigned URL of another service", simple(`/?${inQuery(SESSION, "iam")}`)],
    ["a presigned URL with two keys", simple(`/b/k?${inQuery(SESSION, "s3")}&AWSAccessKeyId=test`)],
    [
      "a presigned URL with a header",
      simple(`/b/k?${inQuery(SESSION, "s3")}`, { authorization: "Bearer x" }),
    ],
  ])("%s", async (_what, request) => {
    expect(await refusal(request)).toMatch(/^403/);
    expect(await refusal(from({ [DEPLOYER_HEADER]: TOKEN }, request))).toMatch(/^403/);
  });

  test.each([
    { origin: "null" },
    { origin: `http://${HOST}`, "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "same-site" },
    { "user-agent": "Mozilla/5.0 (Macintosh)" },
  ])("whatever the page is: %j", async (headers) => {
    expect(await refusal({ url: `${INVOKE}?${inQuery("test", "lambda")}`, headers })).toMatch(/^403/);
  });
});

describe("a page may", () => {
  const form = (...fields: [string, string][]): Request => ({
    method: "POST",
    url: "/bucket",
    headers: { "content-type": "multipart/form-data; boundary=b" },
    body: `${fields.map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join("")}--b--\r\n`,
  });
  const credential = (key: string): [string, string] => [
    "X-Amz-Credential",
    `${key}/20260102/eu-west-1/s3/aws4_request`,
  ];
  const cognito = { "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" };

  test.each<[string, Request]>([
    ["ask an API's preflight", { method: "OPTIONS", url: API }],
    ["call an API with a token", { method: "POST", url: API, headers: { authorization: "Bearer t" } }],
    [
      "call an API by its host",
      { headers: { host: "0a1b2c3d.execute-api.localhost:1", authorization: "Bearer t" } },
    ],
    ["open a WebSocket", { url: "/_aws/execute-api/0a1b2c3d/live", upgrade: true }],
    ["ask Cognito's preflight", { method: "OPTIONS", url: "/" }],
    ["sign in", { method: "POST", headers: cognito, body: "{}" }],
    ["open the sign-in page", { url: "/login?client_id=web" }],
    [
      "get tokens with a client's secret",
      { method: "POST", url: "/oauth2/token", headers: { authorization: "Basic x" } },
    ],
    ["get the user's claims", { url: "/oauth2/userInfo", headers: { authorization: "Bearer t" } }],
    ["read keys", { url: "/eu-west-1_a/.well-known/jwks.json" }],
    ["ask S3's preflight", { method: "OPTIONS", url: `/b/k?${inQuery(SESSION, "s3")}` }],
    ["get by presigned URL", { url: `/b/k?${inQuery(SESSION, "s3")}` }],
    ["put by presigned URL", { method: "PUT", url: `/b/k?${inQuery(SESSION, "s3")}`, body: "x" }],
    ["post a presigned form", form(["key", "k"], credential(SESSION), ["file", "x"])],
  ])("%s", async (_what, request) => {
    expect(await refusal(fromPage(request))).toBeUndefined();
  });

  test.each<[string, Request]>([
    ["root's", form(credential("test"), ["file", "x"])],
    [
      "one that names root after its file",
      form(credential(SESSION), ["file", "x".repeat(70_000)], credential("test")),
    ],
    ["an old one", form(["AWSAccessKeyId", "test"], ["file", "x"])],
    ["an unsigned one", form(["key", "k"], ["file", "x"])],
    [
      "one whose credential is part of a value",
      form(["a", 'name="X-Amz-Credential"\r\n\r\nASIA/1/r/s3/aws4_request\r\n']),
    ],
  ])("but not post a form: %s", async (_what, request) => {
    expect(await refusal(fromPage(request))).toMatch(/^403/);
  });
});

describe("root's key", () => {
  const call = jsonCall("dynamodb", "DynamoDB_20120810.ListTables", {});
  const trace = { "x-amzn-trace-id": "Root=1-2-3" };
  const agent = "aws-sdk-js/3.0 exec-env/AWS_Lambda_nodejs22.x";

  test.each(["aws-cli/2.15", "aws-sdk-js/3.0 lang/js", "curl/8", undefined])(
    "is a terminal's: %s",
    async (name) => {
      expect(await refusal(from({ "user-agent": name }, call))).toBeUndefined();
    },
  );

  test.each([trace, { "user-agent": agent }, { "x-amz-user-agent": agent }])(
    "is not a function's: %j",
    async (headers) => {
      expect(await refusal(from(headers, call))).toMatch(/^403 .*"UnrecognizedClientException"/);
      const account = jsonCall("dynamodb", "DynamoDB_20120810.ListTables", {}, "111111111111");
      expect(await refusal(from(headers, account))).toMatch(/^403/);
      expect(await refusal(from({ ...headers, authorization: "Bearer x" }, call))).toMatch(/^403/);
    },
  );

  test("is the engine's wherever it runs", async () => {
    expect(await refusal(from({ ...trace, [DEPLOYER_HEADER]: TOKEN }, call))).toBeUndefined();
    expect(await refusal(from({ ...trace, [DEPLOYER_HEADER]: "of another start" }, call))).toMatch(/^403/);
  });

  test("a function keeps its role's session, its APIs' tokens and Cognito", async () => {
    const session = jsonCall("dynamodb", "DynamoDB_20120810.ListTables", {}, SESSION);
    expect(await refusal(from(trace, session))).toBeUndefined();
    expect(await refusal({ url: API, headers: { ...trace, authorization: "Bearer t" } })).toBeUndefined();
    const claims = { url: "/oauth2/userInfo", headers: { ...trace, authorization: "Bearer t" } };
    expect(await refusal(claims)).toBeUndefined();
  });

  test("is refused in the caller's protocol", async () => {
    const query = { authorization: signed("sns"), "content-type": "application/x-www-form-urlencoded" };
    const ofSns = { method: "POST", headers: { ...query, ...trace }, body: "Action=Publish" };
    const ofS3 = { url: "/b/k", headers: { authorization: signed("s3"), ...trace } };

    expect(await refusal(ofSns)).toMatch(/<Code>InvalidClientTokenId</);
    expect(await refusal(ofS3)).toMatch(/<Code>InvalidAccessKeyId</);
  });
});
