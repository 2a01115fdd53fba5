import * as net from "node:net";
import { type MailStandIn, startMailStandIn } from "../../../local/stand-ins/mail";
import { API_KEY, CAMPAIGN, type CampaignState, MailClient, problemOf, SECRET } from "./mail-client";
import { until } from "./webhook-server";

let standIn: MailStandIn;
let client: MailClient;
beforeEach(async () => {
  standIn = await startMailStandIn({ apiKey: API_KEY, behaviour: { delayMs: 900_000 } });
  client = new MailClient(standIn.address);
});
afterEach(() => standIn.stop());

const json = async (response: Response) => ({
  status: response.status,
  body: (await response.json()) as CampaignState,
});

test("a campaign is accepted, pending, and can be looked up", async () => {
  const accepted = await json(await client.send("one"));
  expect(accepted).toEqual({
    status: 201,
    body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), status: "pending", sequence: 0 },
  });

  const found = await json(await client.call("GET", `/v1/campaigns/${accepted.body.id}`));
  expect(found).toEqual({ status: 200, body: accepted.body });
});

test("the same idempotency key gets the same campaign, another key another", async () => {
  const first = await json(await client.send("one"));
  const again = await json(await client.send("one"));
  const other = await json(await client.send("two"));

  expect(again).toEqual({ status: 200, body: first.body });
  expect(other.status).toBe(201);
  expect(other.body.id).not.toBe(first.body.id);
  expect(await client.campaigns()).toHaveLength(2);
});

test("as many at once under one key are one campaign", async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, async () => json(await client.send("one"))));

  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
});

test.each([
  ["no key", {}],
  ["another key", { authorization: "Bearer another" }],
  ["another scheme", { authorization: `Basic ${API_KEY}` }],
  ["a longer key", { authorization: `Bearer ${API_KEY}x` }],
  ["a shorter key", { authorization: `Bearer ${API_KEY.slice(1)}` }],
])("%s is refused everywhere, and nothing is done", async (_, headers: Record<string, string>) => {
  const requests = [
    ["GET", "/v1/campaigns/x"],
    ["POST", "/v1/campaigns"],
    ["PUT", "/v1/webhook-signing-secret"],
    ["GET", "/v1/other"],
  ] as const;
  for (const [method, path] of requests) {
    const body = method === "GET" ? undefined : JSON.stringify(CAMPAIGN);
    const response = await fetch(`${standIn.address}${path}`, {
      method,
      headers: { "idempotency-key": "one", ...headers },
      body,
    });
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ status: 401, title: "Unauthorized" });
    expect(JSON.stringify(problem)).not.toContain(API_KEY);
  }
  expect(await client.deliveries()).toEqual([]);
});

const without = (field: keyof typeof CAMPAIGN) => {
  const { [field]: _, ...others } = CAMPAIGN;
  return others;
};
test.each([
  ["no subject", without("subject"), "#/subject"],
  ["no text", without("text"), "#/text"],
  ["no html", without("html"), "#/html"],
  ["no recipients", without("recipients"), "#/recipients"],
  ["no webhook", without("webhookUrl"), "#/webhookUrl"],
  ["a subject of two lines", { ...CAMPAIGN, subject: "a\r\nBcc: b" }, "#/subject"],
  ["an empty subject", { ...CAMPAIGN, subject: "" }, "#/subject"],
  ["an empty list", { ...CAMPAIGN, recipients: [] }, "#/recipients"],
  [
    "a bad address",
    { ...CAMPAIGN, recipients: [{ email: "a@b.example" }, { email: "b" }] },
    "#/recipients/1/email",
  ],
  ["a webhook elsewhere", { ...CAMPAIGN, webhookUrl: "file:///etc/passwd" }, "#/webhookUrl"],
  ["a webhook with a password", { ...CAMPAIGN, webhookUrl: "http://a:b@127.0.0.1/" }, "#/webhookUrl"],
  ["a webhook that is no address", { ...CAMPAIGN, webhookUrl: "webhook" }, "#/webhookUrl"],
  ["an unknown field", { ...CAMPAIGN, sender: "me" }, "#"],
  ["a list", [CAMPAIGN], "#"],
])("%s is refused, and said where", async (_, campaign, pointer) => {
  const problem = await problemOf(await client.send("one", campaign));

  expect(problem.status).toBe(400);
  expect(problem.errors?.map((error) => error.pointer)).toEqual([pointer]);
  expect(problem.detail).toContain(`${pointer}: ${problem.errors?.[0]?.detail}`);
});

test.each([
  ["none", {}],
  ["an empty one", { "idempotency-key": "" }],
  ["one with a space", { "idempotency-key": "a b" }],
  ["one too long", { "idempotency-key": "k".repeat(256) }],
])("the idempotency key is required: %s", async (_, headers: Record<string, string>) => {
  const problem = await problemOf(await client.call("POST", "/v1/campaigns", CAMPAIGN, headers));

  expect(problem).toMatchObject({ status: 400, detail: expect.stringContaining("idempotency-key") });
});

test("5 MB are taken, more are not", async () => {
  const filled = (bytes: number) => {
    const rest = JSON.stringify({ ...CAMPAIGN, text: "" }).length;
    return { ...CAMPAIGN, text: "x".repeat(bytes - rest) };
  };
  const limit = 5 * 1024 * 1024;

  expect((await client.send("one", filled(limit))).status).toBe(201);
  expect(await problemOf(await client.send("two", filled(limit + 1)))).toMatchObject({ status: 413 });
});

test.each([
  ["too short", { secret: "s".repeat(31) }],
  ["too long", { secret: "s".repeat(257) }],
  ["no text", { secret: 1 }],
  ["missing", {}],
  ["no JSON", `${SECRET}-without-quotes`],
])("a signing secret that is %s is refused and not repeated", async (_, body) => {
  const problem = await problemOf(await client.call("PUT", "/v1/webhook-signing-secret", body));

  expect(problem.status).toBe(400);
  expect(JSON.stringify(problem)).not.toMatch(/sss|first-signing/);
});

test.each([32, 256])("a signing secret of %i characters is taken without a word", async (length) => {
  const response = await client.signWith("s".repeat(length));

  expect(response.status).toBe(204);
  expect(await response.text()).toBe("");
});

test.each([
  ["GET", "/v1/campaigns", 405, "POST"],
  ["POST", "/v1/campaigns/x", 405, "GET"],
  ["GET", "/v1/webhook-signing-secret", 405, "PUT"],
  ["GET", "/v1/campaigns/x", 404, null],
  ["GET", "/v1/campaigns/x/y", 404, null],
  ["GET", "/", 404, null],
])("%s %s is answered with %i", async (method, path, status, allow) => {
  const response = await client.call(method, path);

  expect(response.headers.get("allow")).toBe(allow);
  expect((await problemOf(response)).status).toBe(status);
});

test("who leaves in the middle of a request does no harm", async () => {
  const { hostname, port } = new URL(standIn.address);
  const socket = net.connect(Number(port), hostname);
  socket.write(
    `POST /v1/campaigns HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${API_KEY}\r\nidempotency-key: one\r\ncontent-length: 100\r\n\r\n{`,
    () => socket.destroy(),
  );
  await until(() => socket.closed);

  expect((await client.send("one")).status).toBe(201);
});

test("nothing answers after the end, whatever was under way", async () => {
  await client.send("one");
  await standIn.stop();

  await expect(client.send("two")).rejects.toThrow("fetch failed");
});
