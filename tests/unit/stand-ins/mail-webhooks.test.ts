import { type MailStandIn, startMailStandIn } from "../../../local/stand-ins/mail";
import type { MailBehaviour } from "../../../local/stand-ins/mail/behaviour";
import { Courier } from "../../../local/stand-ins/mail/courier";
import { API_KEY, CAMPAIGN, type CampaignState, MailClient, SECRET } from "./mail-client";
import { isSigned, until, WebhookServer } from "./webhook-server";

const stops: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(behaviour: Partial<MailBehaviour>, ...answers: number[]) {
  const webhook = await WebhookServer.start(...answers);
  const standIn: MailStandIn = await startMailStandIn({
    apiKey: API_KEY,
    behaviour: { delayMs: 5, ...behaviour },
  });
  stops.push(
    () => webhook.stop(),
    () => standIn.stop(),
  );
  const client = new MailClient(standIn.address);
  const read = async (response: Response) => (await response.json()) as CampaignState;
  const send = async (key: string) => read(await client.send(key, { ...CAMPAIGN, webhookUrl: webhook.url }));
  const state = async (id: string) => read(await client.call("GET", `/v1/campaigns/${id}`));
  return { webhook, client, send, state };
}

test("a campaign goes through its statuses, and the webhook is told each, signed", async () => {
  const statuses = ["pending", "archived", "failed", "success"] as const;
  const { webhook, client, send, state } = await start({ statuses: [...statuses] });
  await client.signWith(SECRET);

  const { id } = await send("one");
  await until(() => webhook.received.length === 4);

  expect(await state(id)).toEqual({ id, status: "success", sequence: 4 });
  const inOrder = webhook.received.toSorted((a, b) => a.notice.sequence - b.notice.sequence);
  for (const [index, received] of inOrder.entries()) {
    expect(received.notice).toEqual({
      delivery: expect.stringMatching(/^[0-9a-f-]{36}$/),
      campaign: id,
      status: statuses[index],
      sequence: index + 1,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(isSigned(received, SECRET)).toBe(true);
    expect(Math.abs(Date.now() / 1000 - received.seconds)).toBeLessThan(60);
  }
  expect(new Set(webhook.received.map(({ notice }) => notice.delivery)).size).toBe(4);
});

test("without more said it is pending, pending, success, each told once", async () => {
  const { webhook, client, send } = await start({});
  await client.signWith(SECRET);

  await send("one");
  await until(
    async () => (await client.deliveries()).filter(({ attempts }) => attempts.length > 0).length === 3,
  );

  expect(webhook.received.map(({ notice }) => notice.status).toSorted()).toEqual([
    "pending",
    "pending",
    "success",
  ]);
});

test("the same key again sends nothing again", async () => {
  const { webhook, client, send } = await start({ statuses: ["success"] });
  await client.signWith(SECRET);

  const first = await send("one");
  await until(() => webhook.received.length === 1);
  expect(await send("one")).toEqual({ ...first, status: "success", sequence: 1 });
  await send("two");
  await until(() => webhook.received.length === 2);

  expect((await client.deliveries()).length).toBe(2);
});

test("until there is a signing secret the status moves on, and deliveries wait", async () => {
  const { webhook, client, send, state } = await start({});
  const { id } = await send("one");
  await until(async () => (await state(id)).sequence === 3);
  expect(webhook.received).toEqual([]);
  expect((await client.deliveries()).map(({ attempts }) => attempts)).toEqual([[], [], []]);

  await client.signWith(SECRET);
  await until(() => webhook.received.length === 3);

  expect(webhook.received.every((received) => isSigned(received, SECRET))).toBe(true);
});

test("a new signing secret holds from then on", async () => {
  const { webhook, client, send } = await start({ statuses: ["success"] });
  const next = "second-signing-secret-of-these-tests";
  await client.signWith(SECRET);
  await send("one");
  await until(() => webhook.received.length === 1);
  await client.signWith(next);
  await send("two");
  await until(() => webhook.received.length === 2);

  const [first, second] = webhook.received;
  expect(first && [isSigned(first, SECRET), isSigned(first, next)]).toEqual([true, false]);
  expect(second && [isSigned(second, SECRET), isSigned(second, next)]).toEqual([false, true]);
});

test.each([
  ["503 and 429 are tried again until it is taken", [503, 429, 200], [503, 429, 200]],
  ["after the third further attempt it gives up", [500, 502, 503, 504, 200], [500, 502, 503, 504]],
  ["4xx is final", [404, 200], [404]],
  ["a redirect is final, and not followed", [302, 200], [302]],
])("%s", async (_, answers, attempts) => {
  const { webhook, client, send } = await start({ statuses: ["success"] }, ...answers);
  await client.signWith(SECRET);
  await send("one");
  await until(async () => (await client.deliveries())[0]?.attempts.length === attempts.length);

  expect(await client.deliveries()).toMatchObject([{ sequence: 1, status: "success", attempts }]);
  expect(webhook.received).toHaveLength(attempts.length);
  expect(new Set(webhook.received.map(({ body }) => body)).size).toBe(1);
  expect(webhook.received.every((received) => isSigned(received, SECRET))).toBe(true);
});

test("a signature is made anew for each attempt, with the secret of then", async () => {
  const webhook = await WebhookServer.start(503);
  const courier = new Courier({ answerMs: 5000, pausesMs: [1100] });
  stops.push(
    () => webhook.stop(),
    () => courier.stop(),
  );
  courier.signWith(SECRET);
  const next = "second-signing-secret-of-these-tests";
  const notice = { delivery: "d", campaign: "c", status: "success", sequence: 1, at: "now" } as const;
  await courier.deliver(webhook.url, notice, () => courier.signWith(next));

  const [first, second] = webhook.received;
  expect(first && isSigned(first, SECRET)).toBe(true);
  expect(second && isSigned(second, next)).toBe(true);
  expect(second?.seconds).toBeGreaterThan(first?.seconds ?? Number.NaN);
});

test("no answer in time, and nobody there, are tried again", async () => {
  const webhook = await WebhookServer.start(0);
  const courier = new Courier({ answerMs: 50, pausesMs: [1, 1] });
  stops.push(
    () => webhook.stop(),
    () => courier.stop(),
  );
  courier.signWith(SECRET);
  const notice = { delivery: "d", campaign: "c", status: "success", sequence: 1, at: "now" } as const;
  const silent: unknown[] = [];
  const absent: unknown[] = [];
  await courier.deliver(webhook.url, notice, (attempt) => silent.push(attempt));
  await courier.deliver("http://127.0.0.1:1/", notice, (attempt) => absent.push(attempt));

  expect(silent[0]).toBe("no answer");
  expect(silent.at(-1)).toBe(204);
  expect(absent).toEqual(["no answer", "no answer", "no answer"]);
});

test("the end waits for nobody", async () => {
  const { webhook, client, send } = await start({ statuses: ["success"] }, 0);
  await send("one");
  await client.signWith(SECRET);
  await until(() => webhook.received.length === 1);
  const started = performance.now();
  await stops.pop()?.();

  expect(performance.now() - started).toBeLessThan(4000);
  expect(webhook.received).toHaveLength(1);
});
