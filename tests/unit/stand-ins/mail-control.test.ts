import * as http from "node:http";
import { type MailStandIn, startMailStandIn } from "../../../local/stand-ins/mail";
import type { MailBehaviour } from "../../../local/stand-ins/mail/behaviour";
import { API_KEY, CAMPAIGN, type CampaignState, MailClient, problemOf, SECRET } from "./mail-client";
import { until, WebhookServer } from "./webhook-server";

let standIn: MailStandIn;
let client: MailClient;
let webhook: WebhookServer;
beforeEach(async () => {
  webhook = await WebhookServer.start();
  standIn = await startMailStandIn({ apiKey: API_KEY, behaviour: { delayMs: 1 } });
  client = new MailClient(standIn.address);
});
afterEach(async () => {
  await standIn.stop();
  await webhook.stop();
});

const send = (key: string) => client.send(key, { ...CAMPAIGN, webhookUrl: webhook.url });

/** Lets that many campaigns run to their end; answers what became of each change, told ones as `200`. */
async function luck(campaigns: number, behaviour: Partial<MailBehaviour>): Promise<string[]> {
  const before = (await client.deliveries()).length;
  await client.behave(behaviour);
  for (let n = 0; n < campaigns; n++) {
    await send(`${before} ${n}`.replace(" ", "-"));
  }
  const changes = () => client.deliveries().then((all) => all.slice(before));
  const isOver = async () => {
    const all = await changes();
    const last = all.filter(({ sequence, duplicate }) => sequence === 3 && !duplicate);
    return last.length === campaigns && all.every(({ lost, attempts }) => lost || attempts.length === 1);
  };
  await until(isOver);
  return (await changes())
    .toSorted((a, b) => Number(a.duplicate) - Number(b.duplicate))
    .map(({ sequence, lost, duplicate }) => `${sequence}${lost ? " lost" : ""}${duplicate ? " again" : ""}`);
}

test("a seed gives the same losses and duplicates each time, another seed others", async () => {
  await client.signWith(SECRET);
  const behaviour = { loss: 0.3, duplication: 0.3, seed: 7 };
  const first = await luck(20, behaviour);
  const told = webhook.received.length;
  const second = await luck(20, behaviour);
  const other = await luck(20, { seed: 8 });

  const lost = first.filter((change) => change.includes("lost")).length;
  const again = first.filter((change) => change.includes("again")).length;
  expect(lost).toBeGreaterThan(5);
  expect(again).toBeGreaterThan(5);
  expect(told).toBe(60 - lost + again);
  expect(second).toEqual(first);
  expect(other).not.toEqual(first);
});

test("a change that is told twice is told the same", async () => {
  await client.signWith(SECRET);
  await luck(2, { duplication: 1 });

  expect(webhook.received).toHaveLength(12);
  expect(new Set(webhook.received.map(({ body }) => body)).size).toBe(6);
});

test("what is lost is told never", async () => {
  await client.signWith(SECRET);
  expect(await luck(2, { loss: 1, duplication: 1 })).toEqual(
    [1, 2, 3, 1, 2, 3].map((sequence) => `${sequence} lost`),
  );
  expect(webhook.received).toEqual([]);
});

test("behaviour is merged, and holds for campaigns accepted from then on", async () => {
  await client.behave({ statuses: ["failed"], delayMs: 900_000 });
  await send("before");
  const response = await client.behave({ delayMs: 2 });
  expect(await response.json()).toEqual({ statuses: ["failed"], delayMs: 2, loss: 0, duplication: 0 });

  await send("after");
  await until(async () => (await client.campaigns())[1]?.sequence === 1);
  expect(await client.campaigns()).toMatchObject([
    { status: "pending", sequence: 0 },
    { status: "failed", sequence: 1 },
  ]);
});

test.each([
  [{ statuses: [] }, "#/statuses"],
  [{ statuses: ["lost"] }, "#/statuses/0"],
  [{ delayMs: -1 }, "#/delayMs"],
  [{ loss: 1.1 }, "#/loss"],
  [{ duplication: "often" }, "#/duplication"],
  [{ seed: 0.5 }, "#/seed"],
  [{ speed: 1 }, "#"],
])("behaviour %j is refused and changes nothing", async (behaviour, pointer) => {
  const problem = await problemOf(await client.call("PUT", "/stand-in/behaviour", behaviour));
  expect(problem.errors?.map((error) => error.pointer)).toEqual([pointer]);

  expect(await (await client.behave({})).json()).toMatchObject({ delayMs: 1, loss: 0, duplication: 0 });
});

test("campaigns are listed, and shown with their recipients, without text, address or key", async () => {
  await client.signWith(SECRET);
  await client.behave({ statuses: ["success"] });
  const { id } = (await (await send("one")).json()) as CampaignState;
  await until(async () => (await client.deliveries())[0]?.attempts.length === 1);
  const read = async (path: string) => (await fetch(`${standIn.address}${path}`)).json();

  const shown = {
    id,
    subject: CAMPAIGN.subject,
    status: "success",
    sequence: 1,
    deliveries: [
      {
        delivery: webhook.received[0]?.notice.delivery,
        status: "success",
        sequence: 1,
        lost: false,
        duplicate: false,
        attempts: [204],
      },
    ],
  };
  expect(await read("/stand-in/campaigns")).toEqual({ campaigns: [{ ...shown, recipients: 2 }] });
  expect(await read(`/stand-in/campaigns/${id}`)).toEqual({ ...shown, recipients: CAMPAIGN.recipients });
});

test("calls are answered with the faults set, in turn, and do nothing", async () => {
  const response = await client.call("PUT", "/stand-in/faults", { next: [503, 429] });
  expect(await response.json()).toEqual({ next: [503, 429] });

  expect(await problemOf(await send("one"))).toMatchObject({ status: 503, title: "Service Unavailable" });
  expect(await problemOf(await send("one"))).toMatchObject({ status: 429 });
  expect((await send("one")).status).toBe(201);
});

test.each([[{ next: [200] }], [{ next: 503 }], [{}]])("faults %j are refused", async (faults) => {
  expect(await problemOf(await client.call("PUT", "/stand-in/faults", faults))).toMatchObject({
    status: 400,
  });
  expect((await send("one")).status).toBe(201);
});

/** `fetch` sets these headers itself. */
function statusOf(path: string, headers: http.OutgoingHttpHeaders): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${standIn.address}${path}`, { headers, agent: false });
    request.on("error", reject).on("response", (response) => resolve(response.resume().statusCode));
  });
}
test.each([
  ["a page", { origin: "https://gallery.example" }],
  ["a page of this machine", { origin: "http://127.0.0.1:5173" }],
  ["a page without origin", { origin: "null" }],
  ["a name made to lead here", { host: "evil.example" }],
  ["a name that begins as this machine's", { host: "localhost.evil.example" }],
])("%s is kept out", async (_, headers) => {
  expect(await statusOf("/stand-in/campaigns", {})).toBe(200);
  expect(await statusOf("/stand-in/campaigns", headers)).toBe(403);
});

test.each([
  ["GET", "/stand-in/behaviour", 405],
  ["POST", "/stand-in/faults", 405],
  ["PUT", "/stand-in/campaigns", 405],
  ["GET", "/stand-in/campaigns/x", 404],
  ["GET", "/stand-in/", 404],
])("%s %s is answered with %i", async (method, path, status) => {
  expect((await problemOf(await client.call(method, path))).status).toBe(status);
});
