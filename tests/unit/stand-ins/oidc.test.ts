import { createHash, createPublicKey, type JsonWebKey, randomBytes, verify } from "node:crypto";
import { type OidcStandIn, startOidcStandIn } from "../../../local/stand-ins/oidc";
import { Browser } from "./browser";

const clientId = "client-of-these-tests";
const clientSecret = "secret-of-these-tests-0123456789-abcdef";
const redirectUri = "http://127.0.0.1:4566/oauth2/idpresponse";
const ann = { email: "ann@example.com", name: "Ann" };

let standIn: OidcStandIn;
beforeAll(async () => {
  standIn = await startOidcStandIn({ clientId, clientSecret });
});
afterAll(() => standIn.stop());

interface Discovery {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
  readonly userinfo_endpoint: string;
}
const read = async <T>(url: string, init?: RequestInit) => (await (await fetch(url, init)).json()) as T;
const discover = () => read<Discovery>(`${standIn.address}/.well-known/openid-configuration`);

function authorizeUrl(endpoint: string, more: Record<string, string> = {}): string {
  const query = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: "openid email profile",
    state: "state-of-the-client",
    ...more,
  };
  return `${endpoint}?${new URLSearchParams(query)}`;
}

/** Signs in as somebody; answers the query with which the browser is sent back to the client. */
async function signIn(person: Record<string, string>, { browser = new Browser(), more = {} } = {}) {
  const { authorization_endpoint } = await discover();
  const start = await browser.open(authorizeUrl(authorization_endpoint, more));
  const { page, url } = await browser.follow(start, standIn.address);
  expect(page?.status).toBe(200);
  const text = (await page?.text()) ?? "";
  const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1] ?? "";
  const { url: back } = await browser.follow(
    await browser.open(new URL(action, url).href, person),
    standIn.address,
  );
  return { back: new URL(back), formUrl: new URL(action, url).href, browser };
}

function redeem(tokenEndpoint: string, code: string, more: Record<string, string> = {}) {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    client_id: clientId,
    client_secret: clientSecret,
    ...more,
  });
  return fetch(tokenEndpoint, { method: "POST", body });
}

/** The claims of a token, whose signature must be by a key of the provider. */
async function verified(token: string, jwksUri: string): Promise<Record<string, unknown>> {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const decode = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  const { alg, kid } = decode(header);
  expect(alg).toBe("RS256");
  const { keys } = await read<{ keys: JsonWebKey[] }>(jwksUri);
  expect(keys.some((key) => "d" in key || "p" in key)).toBe(false);
  const jwk = keys.find((key) => key.kid === kid);
  const key = createPublicKey({ key: jwk ?? {}, format: "jwk" });
  const isValid = verify(
    "sha256",
    Buffer.from(`${header}.${payload}`),
    key,
    Buffer.from(signature, "base64url"),
  );
  expect(isValid).toBe(true);
  return decode(payload);
}

async function claimsOf(person: Record<string, string>, browser?: Browser) {
  const { token_endpoint, jwks_uri } = await discover();
  const { back } = await signIn(person, { browser });
  const response = await redeem(token_endpoint, back.searchParams.get("code") ?? "");
  expect(response.status).toBe(200);
  const { id_token } = (await response.json()) as { id_token: string };
  return verified(id_token, jwks_uri);
}

test("somebody signs in by the code flow, and the ID token says who", async () => {
  const { issuer, token_endpoint, jwks_uri, userinfo_endpoint } = await discover();
  expect(issuer).toBe(standIn.address);

  const { back } = await signIn(ann, { more: { nonce: "n" } });
  expect(back.href).toContain(redirectUri);
  expect(back.searchParams.get("state")).toBe("state-of-the-client");
  const response = await redeem(token_endpoint, back.searchParams.get("code") ?? "");
  const tokens = (await response.json()) as { id_token: string; access_token: string };

  const claims = await verified(tokens.id_token, jwks_uri);
  expect(claims).toMatchObject({
    iss: issuer,
    aud: clientId,
    nonce: "n",
    ...ann,
    email_verified: true,
    sub: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  expect(await read(userinfo_endpoint, { headers })).toEqual({
    sub: claims.sub,
    ...ann,
    email_verified: true,
  });
});

test("the subject is the same for an address however written, whatever the name, at each start", async () => {
  const first = await claimsOf(ann);
  const again = await claimsOf({ email: " Ann@Example.COM ", name: "Ann B." });
  const other = await claimsOf({ email: "bob@example.com", name: "Bob" });
  await standIn.stop();
  standIn = await startOidcStandIn({ clientId, clientSecret });
  const restarted = await claimsOf(ann);

  expect(again).toMatchObject({ sub: first.sub, email: ann.email, name: "Ann B." });
  expect(other.sub).not.toBe(first.sub);
  expect(restarted.sub).toBe(first.sub);
});

test("the same browser is asked each time and can be somebody else", async () => {
  const browser = new Browser();
  expect(await claimsOf(ann, browser)).toMatchObject(ann);
  const bob = { email: "bob@example.com", name: "Bob" };
  expect(await claimsOf(bob, browser)).toMatchObject(bob);
});

test("only what the scopes ask for is told", async () => {
  const { token_endpoint, jwks_uri } = await discover();
  const { back } = await signIn(ann, { more: { scope: "openid email" } });
  const response = await redeem(token_endpoint, back.searchParams.get("code") ?? "");
  const claims = await verified(((await response.json()) as { id_token: string }).id_token, jwks_uri);

  expect(claims).toMatchObject({ email: ann.email, email_verified: true });
  expect(claims).not.toHaveProperty("name");
});

test.each([
  ["no address", { email: "ann", name: "Ann" }, "That is no email address."],
  ["no name", { email: ann.email, name: " " }, "A name is missing."],
  ["a long name", { email: ann.email, name: "x".repeat(201) }, "more than 200 characters"],
])("%s: the page says so, keeps what was typed and takes better", async (_, typed, problem) => {
  const { formUrl, browser, back } = await signIn(typed);
  expect(back.href).toBe(formUrl);
  const page = await browser.open(formUrl, typed);
  expect(page.status).toBe(400);
  const text = await page.text();
  expect(text).toContain(problem);
  expect(text).toContain(`value="${typed.email}"`);

  const { url } = await browser.follow(await browser.open(formUrl, ann), standIn.address);
  expect(url).toContain(`${redirectUri}?code=`);
});

test("what is typed gets into the page as text only", async () => {
  const { formUrl, browser } = await signIn({ email: "", name: "" });
  const page = await browser.open(formUrl, { email: '"><script>alert(1)</script>', name: "'<b>" });

  const text = await page.text();
  expect(text).not.toContain("<script>");
  expect(text).not.toContain("<b>");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
});

test("another browser cannot take part in a sign-in", async () => {
  const { formUrl } = await signIn({ email: "", name: "" });
  const page = await new Browser().open(formUrl, ann);

  expect(page.status).toBe(400);
  expect(await page.text()).toContain("This sign-in is over");
});

test("a code serves once, with the client's secret and the address it was made for", async () => {
  const { token_endpoint } = await discover();
  const codeOf = async () => (await signIn(ann)).back.searchParams.get("code") ?? "";
  const refusal = async (response: Promise<Response>) => {
    const { status } = await response;
    const { error } = (await (await response).json()) as { error: string };
    return { status, error };
  };

  expect(await refusal(redeem(token_endpoint, await codeOf(), { client_secret: "x".repeat(40) }))).toEqual({
    status: 401,
    error: "invalid_client",
  });
  expect(
    await refusal(redeem(token_endpoint, await codeOf(), { redirect_uri: `${redirectUri}/else` })),
  ).toEqual({ status: 400, error: "invalid_grant" });
  const code = await codeOf();
  expect((await redeem(token_endpoint, code)).status).toBe(200);
  expect(await refusal(redeem(token_endpoint, code))).toEqual({ status: 400, error: "invalid_grant" });
});

test("PKCE is checked when the client uses it", async () => {
  const { token_endpoint } = await discover();
  const verifier = randomBytes(32).toString("base64url");
  const more = {
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  };
  const code = async () => (await signIn(ann, { more })).back.searchParams.get("code") ?? "";

  expect((await redeem(token_endpoint, await code(), { code_verifier: verifier })).status).toBe(200);
  expect((await redeem(token_endpoint, await code(), { code_verifier: "x".repeat(43) })).status).toBe(400);
});

test.each([
  ["another machine", { redirect_uri: "http://evil.example/" }],
  ["a name that begins as this machine's", { redirect_uri: "http://127.0.0.1.evil.example/" }],
  ["a user of this machine's name", { redirect_uri: "http://127.0.0.1@evil.example/" }],
  ["a script", { redirect_uri: "javascript:alert(1)" }],
  ["another client", { client_id: "another" }],
])("nobody is sent to %s", async (_, more) => {
  const { authorization_endpoint } = await discover();
  const response = await fetch(authorizeUrl(authorization_endpoint, more), { redirect: "manual" });

  expect(response.status).toBe(400);
  expect(response.headers.get("location")).toBeNull();
});

test("addresses that are given are the only ones", async () => {
  const strict = await startOidcStandIn({ clientId, clientSecret, redirectUris: [redirectUri] });
  try {
    const begin = async (redirect_uri: string) => {
      const url = authorizeUrl(`${strict.address}/auth`, { redirect_uri });
      return (await fetch(url, { redirect: "manual" })).status;
    };
    expect(await begin(redirectUri)).toBe(303);
    expect(await begin("http://127.0.0.1:4567/oauth2/idpresponse")).toBe(400);
  } finally {
    await strict.stop();
  }
});

test("nothing answers after the end", async () => {
  const other = await startOidcStandIn({ clientId, clientSecret });
  await other.stop();

  await expect(fetch(other.address)).rejects.toThrow("fetch failed");
});

test("what it cannot be started with is said", async () => {
  await expect(startOidcStandIn({ clientId, clientSecret, redirectUris: ["nowhere"] })).rejects.toThrow(
    /The stand-in for an OpenID Connect provider failed: .*redirect_uris/,
  );
});
