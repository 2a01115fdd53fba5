import * as fc from "fast-check";
import { parseSignature } from "../../../handlers/campaigns/signature";
import { signatureVerifier } from "../../../handlers/campaigns/signing";
import { webhook } from "../../../handlers/campaigns/webhook";
import { campaign, id, mac, nowSeconds, report, secret, signed, signingSecret } from "./campaigns-cloud";
import { memoryTable } from "./campaigns-table";
import { call } from "./http-event";

afterEach(() => {
  jest.useRealTimers();
});

function mail(stored: object | undefined = campaign({ mailId: "mail-1", status: "pending" })) {
  const broken = { campaigns: false };
  const campaigns = memoryTable(["id"], {
    turn: async () => {
      if (broken.campaigns) {
        throw new Error("ProvisionedThroughputExceededException");
      }
    },
  });
  const signatures = memoryTable(["signature"]);
  if (stored) {
    campaigns.put(stored);
  }
  const signing = signingSecret();
  const handler = webhook(campaigns.client, signatures.client, signing.client);
  return {
    campaigns,
    signatures,
    signing,
    broken,
    item: () => campaigns.items()[0],
    post: (body: string, signature = signed(body), to = id) =>
      call(handler, { path: { campaign: to }, body, headers: { "mail-signature": signature } }),
  };
}

describe("a report", () => {
  test("that is signed and new is noted", async () => {
    const { post, item } = mail();

    expect((await post(report(1))).status).toBe(200);
    expect((await post(report(2, { status: "success" }))).status).toBe(200);

    expect(item()).toEqual(
      campaign({
        mailId: "mail-1",
        status: "pending",
        mailStatus: "success",
        sequence: 2,
        changedAt: expect.any(String),
      }),
    );
  });

  test("may come before it is known how the mail service names the campaign", async () => {
    const { post, item } = mail(campaign());

    expect((await post(report(1))).status).toBe(200);
    expect(item()).toMatchObject({ status: "starting", sequence: 1, mailId: "mail-1" });
  });

  test("that is late or told again changes nothing", async () => {
    const { post, item } = mail();
    await post(report(2));
    const before = item();

    expect((await post(report(1, { status: "failed" }))).status).toBe(200);
    expect((await post(report(2), signed(report(2), nowSeconds() - 1))).status).toBe(200);
    expect(item()).toEqual(before);
  });

  test.each(["success", "failed", "archived", "broken"] as const)(
    "after the end, %s, changes nothing",
    async (status) => {
      const over = campaign({ mailId: "mail-1", status, sequence: 1 });
      const { post, item } = mail(over);

      expect((await post(report(2, { status: "pending" }))).status).toBe(200);
      expect(item()).toEqual(over);
    },
  );

  test("on a campaign that is not there, or that the mail service has under another id, is 404", async () => {
    const { post, campaigns } = mail();
    const unknown = "11111111-1111-4111-8111-111111111111";

    expect((await post(report(1), signed(report(1)), unknown)).status).toBe(404);
    const other = report(1, { campaign: "mail-2" });
    expect((await post(other)).status).toBe(404);
    expect(campaigns.items()).toEqual([campaign({ mailId: "mail-1", status: "pending" })]);
  });

  test.each([
    ["no JSON", "{"],
    ["a status that is none", report(1, { status: "lost" })],
    ["the number 0", report(0)],
    ["a number that is none", report(1, { sequence: "1" })],
    ["no campaign", report(1, { campaign: "" })],
    ["a time that is none", report(1, { at: "soon" })],
  ])("with %s is refused", async (_, body) => {
    const { post, item } = mail();

    expect((await post(body)).status).toBe(400);
    expect(item()?.sequence).toBe(0);
  });

  test("may have fields that are not known yet", async () => {
    expect((await mail().post(report(1, { bounces: 3 }))).status).toBe(200);
  });
});

describe("a signature", () => {
  const body = report(1);
  const now = nowSeconds();
  test.each<[string, string | undefined]>([
    ["none", undefined],
    ["an empty one", ""],
    ["one by another secret", signed(body, now, "x".repeat(64))],
    ["one of another body", signed(report(2), now)],
    ["one of another time", `t=${now - 1},v1=${mac(body, now)}`],
    ["one that is too old", signed(body, now - 302)],
    ["one from the future", signed(body, now + 310)],
    ["one cut short", signed(body).slice(0, -1)],
    ["one without time", `v1=${mac(body, now)}`],
    ["one with two times", `t=${now},t=${now},v1=${mac(body, now)}`],
    ["one of another scheme", `t=${now},v0=${mac(body, now)}`],
    ["more than may be", `t=${now}${`,v1=${"0".repeat(64)}`.repeat(5)},v1=${mac(body, now)}`],
  ])("%s is 401, always in the same words", async (_, signature) => {
    const { campaigns, signing, signatures } = mail();
    const handler = webhook(campaigns.client, signatures.client, signing.client);
    const headers = signature === undefined ? undefined : { "mail-signature": signature };

    const answer = await call(handler, { path: { campaign: id }, body, headers });

    expect(answer).toMatchObject({
      status: 401,
      body: { detail: "The request is not signed by the mail service." },
    });
    expect(campaigns.items()[0]?.sequence).toBe(0);
    expect(signatures.items()).toEqual([]);
  });

  test("one of several that fits does, as do other fields beside", async () => {
    const { post } = mail();

    const signature = `t=${now}, v1=${"0".repeat(64)},v1=${mac(body, now).toUpperCase()},v2=new`;
    expect((await post(body, signature)).status).toBe(200);
  });

  test("within five minutes counts", async () => {
    expect((await mail().post(body, signed(body, nowSeconds() - 295))).status).toBe(200);
    expect((await mail().post(body, signed(body, nowSeconds() + 295))).status).toBe(200);
  });

  test("counts once: again it is 409, and is forgotten when it is too old anyway", async () => {
    const { post, signatures, item } = mail();
    const signature = signed(body);
    expect((await post(body, signature)).status).toBe(200);
    const before = item();

    expect((await post(body, signature)).status).toBe(409);
    expect(item()).toEqual(before);
    expect(signatures.items()).toEqual([
      { signature: mac(body, Number(/t=(\d+)/.exec(signature)?.[1])), expiresAt: expect.any(Number) },
    ]);
    const [{ expiresAt = 0 } = {}] = signatures.items() as { expiresAt: number }[];
    expect(expiresAt - nowSeconds()).toBeGreaterThanOrEqual(598);
  });

  test("that was used for a campaign does not do for another", async () => {
    const { post, campaigns } = mail();
    const other = "11111111-1111-4111-8111-111111111111";
    campaigns.put(campaign({ id: other }));
    const signature = signed(body);
    await post(body, signature);

    expect((await post(body, signature, other)).status).toBe(409);
    expect(campaigns.items()).toContainEqual(campaign({ id: other }));
  });

  test("counts again where the first time failed", async () => {
    const { post, broken, item } = mail();
    const signature = signed(body);
    broken.campaigns = true;
    await expect(post(body, signature)).rejects.toThrow("Throughput");
    broken.campaigns = false;

    expect((await post(body, signature)).status).toBe(200);
    expect(item()?.sequence).toBe(1);
  });

  test("delivered twice at once is noted once", async () => {
    const { post, campaigns } = mail();
    const signature = signed(body);

    const answers = await Promise.all([post(body, signature), post(body, signature)]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(campaigns.stream.filter(({ eventName }) => eventName === "MODIFY")).toHaveLength(1);
  });

  test("text of any kind is none, or has a time and MACs", () => {
    const field = fc.oneof(fc.string(), fc.constantFrom("t=1", "v1=", `v1=${"a".repeat(64)}`));
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const signature = parseSignature(fields.join(","));

        expect(signature === undefined || (signature.seconds >= 0 && signature.macs.length > 0)).toBe(true);
      }),
    );
  });
});

describe("while the secret is rotated", () => {
  const body = report(1);
  const next = "n".repeat(64);
  const previous = "p".repeat(64);

  test.each([
    ["AWSPENDING", next],
    ["AWSPREVIOUS", previous],
  ])("a signature by %s counts", async (stage, by) => {
    const { client } = signingSecret({ AWSCURRENT: secret, [stage]: by });
    const header = signed(body, nowSeconds(), by);

    expect(await signatureVerifier(client)(header, body)).toBe(header.split("v1=")[1]);
  });

  test("the very first value counts before it is the current one", async () => {
    const { client } = signingSecret({ AWSPENDING: next });

    expect(await signatureVerifier(client)(signed(body, nowSeconds(), next), body)).toBeDefined();
  });

  test("without any value no signature counts", async () => {
    const { client } = signingSecret({});

    expect(await signatureVerifier(client)(signed(body), body)).toBeUndefined();
  });

  test("a value just made is seen at once, though others are kept", async () => {
    const { client, values } = signingSecret();
    const verify = signatureVerifier(client);
    await verify(signed(body), body);
    values.AWSPENDING = next;

    expect(await verify(signed(body, nowSeconds(), next), body)).toBeDefined();
  });

  test("a value that is gone counts for a minute more", async () => {
    jest.useFakeTimers({ now: Date.now() });
    const { client, values } = signingSecret();
    const verify = signatureVerifier(client);
    await verify(signed(body), body);
    values.AWSCURRENT = next;

    jest.advanceTimersByTime(59_000);
    expect(await verify(signed(body), body)).toBeDefined();
    jest.advanceTimersByTime(1000);
    expect(await verify(signed(body), body)).toBeUndefined();
  });

  test("secrets that fit are read once a minute; forged signatures make no more than one further read in 5 s", async () => {
    jest.useFakeTimers({ now: Date.now() });
    const { client, reads } = signingSecret();
    const verify = signatureVerifier(client);
    for (let count = 0; count < 20; count += 1) {
      await verify(signed(body), body);
    }
    expect(reads).toHaveLength(3);

    for (let count = 0; count < 20; count += 1) {
      await verify(signed(body, nowSeconds(), "forged"), body);
    }
    expect(reads).toHaveLength(6);
    jest.advanceTimersByTime(5000);
    await verify(signed(body, nowSeconds(), "forged"), body);
    expect(reads).toHaveLength(9);
  });

  test("what is no signature, or too old, reads no secret", async () => {
    const { client, reads } = signingSecret();
    const verify = signatureVerifier(client);

    await verify("none", body);
    await verify(signed(body, nowSeconds() - 1000), body);

    expect(reads).toEqual([]);
  });

  test("a secret that cannot be read fails the report, to be delivered again", async () => {
    const { campaigns, signatures } = mail();
    const Read = async () => {
      throw new Error("InternalServiceError");
    };

    const handler = webhook(campaigns.client, signatures.client, { Read });
    const headers = { "mail-signature": signed(body) };
    await expect(call(handler, { path: { campaign: id }, body, headers })).rejects.toThrow("Internal");
  });
});
