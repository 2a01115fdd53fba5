import { mailService, patienceMilliseconds } from "../../../handlers/campaigns/mail-service";
import { signingRotation } from "../../../handlers/campaigns/signing";
import { apiKey } from "./campaigns-cloud";

type Answer = Response | Error;
const answer = (status: number, body: unknown = { id: "mail-1", status: "pending", sequence: 0 }) =>
  new Response(status === 204 ? undefined : JSON.stringify(body), { status });

let answers: Answer[];
let requests: { url: string; method?: string; headers: Record<string, string>; body?: unknown }[];

beforeEach(() => {
  answers = [];
  requests = [];
  jest.spyOn(globalThis, "fetch").mockImplementation(async (url, { method, headers, body } = {}) => {
    requests.push({
      url: String(url),
      method,
      headers: headers as Record<string, string>,
      body: body === undefined || body === null ? undefined : JSON.parse(String(body)),
    });
    const next = answers.shift() ?? answer(201);
    if (next instanceof Error) {
      throw next;
    }
    return next;
  });
});
afterEach(() => jest.restoreAllMocks());

const mailing = {
  subject: "Dunes",
  text: "Sand",
  html: "<p>Sand</p>",
  recipients: [{ email: "ann@example.com" }],
  webhookUrl: "https://api.example/webhooks/mail/c1",
};

test("asks to send with the key, under the campaign's name", async () => {
  const mail = mailService("https://mail.example/", apiKey());

  expect(await mail.send(mailing, "c1")).toEqual({ id: "mail-1", status: "pending", sequence: 0 });
  expect(requests).toEqual([
    {
      url: "https://mail.example/v1/campaigns",
      method: "POST",
      headers: {
        authorization: "Bearer key-1",
        "content-type": "application/json",
        "idempotency-key": "c1",
      },
      body: mailing,
    },
  ]);
});

test("reads a campaign, whatever its id is made of", async () => {
  answers = [answer(200, { id: "a/../b", status: "success", sequence: 3 })];

  expect(await mailService("https://mail.example/api", apiKey()).read("a/../b")).toEqual({
    id: "a/../b",
    status: "success",
    sequence: 3,
  });
  expect(requests[0]?.url).toBe("https://mail.example/api/v1/campaigns/a%2F..%2Fb");
});

test.each<[string, Answer[]]>([
  ["429", [answer(429)]],
  ["500", [answer(500)]],
  ["503", [answer(503)]],
  ["no connection", [new TypeError("fetch failed")]],
  ["no answer in time", [new DOMException("The operation was aborted due to timeout", "TimeoutError")]],
  ["what is no JSON", [new Response("<html>", { status: 200 })]],
  ["what is no campaign", [answer(200, { id: 7 })]],
])("%s may pass", async (_, given) => {
  answers = given;

  await expect(mailService("https://mail.example", apiKey()).send(mailing, "c1")).rejects.toMatchObject({
    name: "MailUnavailable",
  });
});

test.each([400, 403, 404, 409, 422, 302])("%i is a refusal, and told without the key", async (status) => {
  answers = [answer(status, { detail: "no" })];

  const error = await mailService("https://mail.example", apiKey())
    .send(mailing, "c1")
    .catch((reason: Error) => reason);

  expect(error).toMatchObject({ name: "MailRefused", message: expect.stringContaining(String(status)) });
  expect(String(error)).not.toContain("key-1");
  expect(requests).toHaveLength(1);
});

test("a key that was set anew is read at once when the one that is kept is refused", async () => {
  answers = [answer(401), answer(201)];

  await mailService("https://mail.example", apiKey("key-1", "key-2")).send(mailing, "c1");

  expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer key-1", "Bearer key-2"]);
});

test("a key that is wrong is a refusal", async () => {
  answers = [answer(401), answer(401)];

  await expect(mailService("https://mail.example", apiKey()).read("mail-1")).rejects.toMatchObject({
    name: "MailRefused",
  });
});

test("no answer is waited for longer than a function may take", async () => {
  const timeout = jest.spyOn(AbortSignal, "timeout");

  await mailService("https://mail.example", apiKey()).read("mail-1");

  expect(timeout).toHaveBeenCalledWith(patienceMilliseconds);
});

test("a rotation makes another secret each time, of 256 bits, and tells the mail service", async () => {
  const rotation = signingRotation(mailService("https://mail.example", apiKey()));
  answers = [answer(204)];

  const values = [await rotation.make(), await rotation.make()];
  await rotation.install(values[0] ?? "");

  expect(values[0]).toMatch(/^[\da-f]{64}$/);
  expect(values[1]).not.toBe(values[0]);
  expect(requests).toMatchObject([
    { method: "PUT", url: "https://mail.example/v1/webhook-signing-secret", body: { secret: values[0] } },
  ]);
});
