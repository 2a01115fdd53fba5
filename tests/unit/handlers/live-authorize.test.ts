import * as crypto from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { authorize } from "../../../handlers/live/authorize";

const pool = "eu-west-1_Abcdefghi";
const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${pool}`;
const methodArn = "arn:aws:execute-api:eu-west-1:123456789012:api/main/$connect";
const inOneHour = Math.floor(Date.now() / 1000) + 3600;

const pair = () => crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
const keys = { k1: pair(), k2: pair() };
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(claims: object = {}, { kid = "k1", key = keys.k1.privateKey, alg = "RS256" } = {}): string {
  const text = `${encode({ alg, kid })}.${encode({
    sub: "ann",
    iss: issuer,
    client_id: "web",
    token_use: "access",
    exp: inOneHour,
    iat: inOneHour - 3600,
    ...claims,
  })}`;
  return `${text}.${crypto.sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
}

/** Serves the pool's keys as Cognito does; `published` may change while it runs. */
const published = ["k1"];
const asked: string[] = [];
let status = 200;
const server = http.createServer(({ url = "" }, response) => {
  asked.push(url);
  const jwk = (kid: string) => ({
    ...keys[kid as keyof typeof keys].publicKey.export({ format: "jwk" }),
    kid,
    alg: "RS256",
    use: "sig",
  });
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ keys: published.map(jwk) }));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.USER_POOL_ID = pool;
  process.env.USER_POOL_CLIENT_ID = "web";
  jest.spyOn(console, "log").mockReturnValue();
});
beforeEach(() => {
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  published.splice(0, published.length, "k1");
  asked.length = 0;
  status = 200;
});
afterAll(() => {
  jest.restoreAllMocks();
  for (const name of ["USER_POOL_ID", "USER_POOL_CLIENT_ID", "AWS_ENDPOINT_URL"]) {
    delete process.env[name];
  }
  server.closeAllConnections();
  server.close();
});

const handshake = (text?: string) => ({
  methodArn,
  headers: {},
  queryStringParameters: text === undefined ? null : { token: text },
});

test("an access token of the pool's client lets its user in, for this connection", async () => {
  expect(await authorize.factory()(handshake(token()))).toEqual({
    principalId: "ann",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: methodArn }],
    },
    context: { sub: "ann", expiresAt: String(inOneHour) },
  });
});

test.each([
  ["no token", undefined],
  ["an empty token", ""],
  ["what is no token", "a.b.c"],
  ["a token that has expired", token({ exp: inOneHour - 7200 })],
  ["an id token", token({ token_use: "id", aud: "web" })],
  ["a token of another client", token({ client_id: "other" })],
  ["a token of another pool", token({ iss: `${issuer}x` })],
  ["a token signed by another key", token({}, { key: keys.k2.privateKey })],
  ["a token of a key that the pool does not have", token({}, { kid: "k9" })],
  ["a token without a signature", `${encode({ alg: "none", kid: "k1" })}.${token().split(".")[1]}.`],
  ["a token changed after it was signed", token().replace(/\.[^.]+\./, `.${encode({ sub: "eve" })}.`)],
])("%s is denied", async (_, text) => {
  const { policyDocument, context } = await authorize.factory()(handshake(text));

  expect(policyDocument.Statement).toEqual([
    { Effect: "Deny", Action: "execute-api:Invoke", Resource: methodArn },
  ]);
  expect(context).toBeUndefined();
});

test("the pool's keys are fetched once for all handshakes of a container", async () => {
  const handle = authorize.factory();

  await handle(handshake(token()));
  await handle(handshake(token({ sub: "bob" })));

  expect(asked).toEqual([`/${pool}/.well-known/jwks.json`]);
});

test("a key that the pool has taken since is fetched", async () => {
  const handle = authorize.factory();
  await handle(handshake(token()));
  published.push("k2");

  const { principalId } = await handle(handshake(token({}, { kid: "k2", key: keys.k2.privateKey })));

  expect(principalId).toBe("ann");
  expect(asked).toHaveLength(2);
});

test("tokens that name keys nobody has do not make it ask for keys each time, nor lock users out", async () => {
  const handle = authorize.factory();
  const forged = token({}, { kid: "k9" });
  await handle(handshake(forged));
  await handle(handshake(forged));

  const { principalId } = await handle(handshake(token()));

  expect(principalId).toBe("ann");
  expect(asked).toHaveLength(1);
});

test("keys that cannot be got at are a failure, not the token's fault", async () => {
  status = 503;

  await expect(authorize.factory()(handshake(token()))).rejects.toThrow(/jwks\.json answers 503/);
});

test("on AWS the keys are those of the issuer", async () => {
  delete process.env.AWS_ENDPOINT_URL;
  const jwks = { keys: [{ ...keys.k1.publicKey.export({ format: "jwk" }), kid: "k1" }] };
  const fetched = jest.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json(jwks));
  try {
    const { principalId } = await authorize.factory()(handshake(token()));

    expect(principalId).toBe("ann");
    expect(fetched).toHaveBeenCalledWith(`${issuer}/.well-known/jwks.json`, expect.anything());
  } finally {
    fetched.mockRestore();
  }
});
