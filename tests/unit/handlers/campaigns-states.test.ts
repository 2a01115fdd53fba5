import * as fc from "fast-check";
import { ask } from "../../../handlers/campaigns/ask";
import type { CampaignRecord } from "../../../handlers/campaigns/campaign";
import { broken, ended } from "../../../handlers/campaigns/end";
import { finish } from "../../../handlers/campaigns/finish";
import { gather } from "../../../handlers/campaigns/gather";
import { poll } from "../../../handlers/campaigns/poll";
import { wait } from "../../../handlers/campaigns/wait";
import { apiKey, campaign, createdAt, id } from "./campaigns-cloud";
import { type Disturbance, memoryTable } from "./campaigns-table";

const mailUrl = "https://mail.example";
const run = { id, createdAt };

function tables(stored: CampaignRecord = campaign(), disturbance: Disturbance = {}) {
  const campaigns = memoryTable(["id"], disturbance);
  const recipients = memoryTable(["user"], disturbance);
  const deliveries = memoryTable(["campaign", "user"], disturbance);
  campaigns.put(stored);
  return {
    campaigns,
    recipients,
    deliveries,
    item: () => campaigns.items()[0] as unknown as CampaignRecord,
    recipient: (user: string, change: object = {}) =>
      recipients.put({
        user,
        version: 1,
        email: `${user}@example.com`,
        name: "",
        subscribed: true,
        ...change,
      }),
    users: () =>
      deliveries
        .items()
        .map(({ user }) => user)
        .sort(),
  };
}
type Tables = ReturnType<typeof tables>;
const gatherIn = ({ campaigns, recipients, deliveries }: Tables) =>
  gather(campaigns.client, recipients.client, deliveries.client)(run);
const finishIn = ({ campaigns, recipients, deliveries }: Tables, at = run) =>
  finish(
    campaigns.client,
    recipients.client,
    deliveries.client,
  )({
    ...at,
    mail: { status: "success", sequence: 2 },
  });

afterEach(() => jest.restoreAllMocks());

/** Lets what is to wait go on at once. */
function withoutPauses(): void {
  const at = (callback: () => void) => setImmediate(callback) as unknown as NodeJS.Timeout;
  jest.spyOn(globalThis, "setTimeout").mockImplementation(at as typeof setTimeout);
}

/** Throws once in so many calls, by the draws of a property. */
function luck(draws: readonly number[]) {
  const left = [...draws];
  return () => {
    if (left.shift() === 0) {
      throw new Error("the answer was lost");
    }
  };
}
const draws = fc.array(fc.nat(3), { maxLength: 40 });
/** Tries until it succeeds, as Step Functions does. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!/lost|did not get to/.test((error as Error).message)) {
      throw error;
    }
    return insist(work);
  }
}

describe("gather", () => {
  test("settles that the campaign goes to all who have subscribed, and how many they are", async () => {
    const all = tables();
    for (const user of ["a", "b", "c", "d", "e"]) {
      all.recipient(user, { subscribed: user !== "c" });
    }
    all.recipients.put({ user: "f", version: 2, removed: true });

    await gatherIn(all);

    expect(all.users()).toEqual(["a", "b", "d", "e"]);
    expect(all.deliveries.items()[0]).toEqual({ campaign: id, user: "a" });
    expect(all.item()).toEqual(campaign({ recipients: 4, changedAt: expect.any(String) }));
  });

  test("nobody is a number, too", async () => {
    const all = tables();

    await gatherIn(all);

    expect(all.item().recipients).toBe(0);
  });

  test("again, it changes nothing, whoever has come or gone", async () => {
    const all = tables();
    all.recipient("a");
    await gatherIn(all);
    all.recipient("b");

    await gatherIn(all);

    expect(all.users()).toEqual(["a"]);
    expect(all.item().recipients).toBe(1);
  });

  test("whenever it is interrupted, and however much of a batch is left undone, it ends the same", async () => {
    withoutPauses();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60 }), draws, draws, async (count, failures, undone) => {
        const left = [...undone];
        const all = tables(campaign(), { interrupt: luck(failures), unprocessed: () => left.shift() ?? 0 });
        for (let index = 0; index < count; index += 1) {
          all.recipient(`u${index}`);
        }

        await insist(() => gatherIn(all));

        expect(all.users()).toHaveLength(count);
        expect(all.item().recipients).toBe(count);
      }),
      { numRuns: 50 },
    );
  });

  test("fails where DynamoDB takes nothing more", async () => {
    withoutPauses();
    const all = tables(campaign(), { unprocessed: () => 25 });
    all.recipient("a");

    await expect(gatherIn(all)).rejects.toThrow(/did not get to 1 deliveries/);
    expect(all.item()).not.toHaveProperty("recipients");
  });
});

describe("ask and poll", () => {
  let sent: { headers: Record<string, string>; body: Record<string, unknown>; url: string }[];
  let answer: { status: number; body: object };
  beforeEach(() => {
    sent = [];
    answer = { status: 201, body: { id: "mail-1", status: "pending", sequence: 0 } };
    process.env.WEBHOOK_URL = "https://api.example/gallery/";
    jest.spyOn(globalThis, "fetch").mockImplementation(async (url, { headers, body } = {}) => {
      sent.push({
        url: String(url),
        headers: headers as Record<string, string>,
        body: JSON.parse(String(body ?? "{}")),
      });
      return new Response(JSON.stringify(answer.body), { status: answer.status });
    });
  });
  afterEach(() => {
    delete process.env.WEBHOOK_URL;
    jest.restoreAllMocks();
  });
  const askIn = ({ campaigns, recipients, deliveries }: Tables) =>
    ask(campaigns.client, recipients.client, deliveries.client, mailUrl, apiKey())(run);
  const pollIn = ({ campaigns }: Tables, sequence = 0) =>
    poll(campaigns.client, mailUrl, apiKey())({ ...run, mail: { status: "pending", sequence } });

  async function gathered(...users: string[]): Promise<Tables> {
    const all = tables();
    for (const user of users) {
      all.recipient(user, { name: user === "a" ? "Ann" : "" });
    }
    await gatherIn(all);
    return all;
  }

  test("the mail service gets the mail, by the campaign's id, and where to report", async () => {
    const all = await gathered("a", "b");

    expect(await askIn(all)).toEqual({ status: "pending", sequence: 0 });

    expect(sent).toMatchObject([{ url: `${mailUrl}/v1/campaigns`, headers: { "idempotency-key": id } }]);
    expect(sent[0]?.body).toEqual({
      subject: "Dunes",
      text: "Sand & sea",
      html: expect.stringContaining("<p>Sand &amp; sea</p>"),
      recipients: [{ email: "a@example.com", name: "Ann" }, { email: "b@example.com" }],
      webhookUrl: `https://api.example/gallery/webhooks/mail/${id}`,
    });
    expect(all.item()).toMatchObject({ status: "pending", mailId: "mail-1", recipients: 2, sequence: 0 });
  });

  test("who has left or unsubscribed meanwhile is left out, and so is who has come", async () => {
    const all = await gathered("a", "b", "c");
    all.recipient("a", { subscribed: false });
    all.recipients.put({ user: "b", version: 2, removed: true });
    all.recipient("d");

    await askIn(all);

    expect(sent[0]?.body.recipients).toEqual([{ email: "c@example.com" }]);
    expect(all.users()).toEqual(["c"]);
    expect(all.item().recipients).toBe(1);
  });

  test("where nobody remains nothing is asked, and all is well", async () => {
    const all = await gathered("a");
    all.recipient("a", { subscribed: false });

    expect(await askIn(all)).toEqual({ status: "success", sequence: 0 });
    expect(sent).toEqual([]);
    expect(all.item().recipients).toBe(0);
  });

  test("asked again, it answers how far the campaign has come", async () => {
    const all = await gathered("a");
    await askIn(all);
    answer = { status: 200, body: { id: "mail-1", status: "success", sequence: 2 } };

    expect(await askIn(all)).toEqual({ status: "success", sequence: 2 });
    expect(all.item()).toMatchObject({ status: "pending", mailStatus: "success", sequence: 2 });
  });

  test("a report that came before its answer is not lost", async () => {
    const all = await gathered("a");
    all.campaigns.put({ ...all.item(), mailId: "mail-1", mailStatus: "archived", sequence: 1 });

    expect(await askIn(all)).toEqual({ status: "archived", sequence: 1 });
  });

  test.each([
    [503, "MailUnavailable"],
    [400, "MailRefused"],
  ])("%i of the mail service fails as %s and changes nothing", async (status, name) => {
    const all = await gathered("a");
    answer = { status, body: { detail: "no" } };

    await expect(askIn(all)).rejects.toMatchObject({ name });
    expect(all.item().status).toBe("starting");
    expect(all.users()).toEqual(["a"]);
  });

  test("a poll takes over what is newer", async () => {
    const all = tables(campaign({ status: "pending", mailId: "mail-1", sequence: 1, mailStatus: "pending" }));
    answer = { status: 200, body: { id: "mail-1", status: "success", sequence: 3 } };

    expect(await pollIn(all, 1)).toEqual({ status: "success", sequence: 3 });
    expect(sent).toMatchObject([{ url: `${mailUrl}/v1/campaigns/mail-1` }]);
    expect(all.item()).toMatchObject({ status: "pending", mailStatus: "success", sequence: 3 });
  });

  test("a poll answers what a webhook has told meanwhile, if that is newer", async () => {
    const all = tables(campaign({ status: "pending", mailId: "mail-1", sequence: 3, mailStatus: "success" }));
    answer = { status: 200, body: { id: "mail-1", status: "pending", sequence: 2 } };

    expect(await pollIn(all, 1)).toEqual({ status: "success", sequence: 3 });
    expect(all.item()).toMatchObject({ mailStatus: "success", sequence: 3 });
  });

  test.each([
    [500, "MailUnavailable"],
    [404, "MailRefused"],
  ])("a poll that is answered %i fails as %s", async (status, name) => {
    answer = { status, body: {} };

    await expect(pollIn(tables(campaign({ mailId: "mail-1" })))).rejects.toMatchObject({ name });
  });

  test("what is not there cannot be asked for", async () => {
    const { recipients, deliveries } = tables();
    const empty = memoryTable(["id"]);

    const asking = ask(empty.client, recipients.client, deliveries.client, mailUrl, apiKey())(run);
    await expect(asking).rejects.toMatchObject({ name: "CampaignMissing" });
    await expect(pollIn(tables())).rejects.toMatchObject({ name: "CampaignMissing" });
  });
});

describe("wait", () => {
  const waitIn = ({ campaigns }: Tables, at = createdAt, sequence = 2) =>
    wait(
      campaigns.client,
      3600,
      1500,
    )({
      token: "t1",
      input: { id, createdAt: at, mail: { status: "pending", sequence } },
    });

  test("gives up a campaign of which more was told than an execution's history can hold", async () => {
    await expect(waitIn(tables(), createdAt, 1501)).rejects.toMatchObject({ name: "CampaignOverdue" });
  });

  test("notes by which token it waits, and for what", async () => {
    const all = tables(campaign({ status: "pending", waiting: { token: "t0", after: 1 } }));

    await waitIn(all, new Date().toISOString());

    expect(all.item()).toEqual(campaign({ status: "pending", waiting: { token: "t1", after: 2 } }));
  });

  test("does not wait for ever", async () => {
    const all = tables(campaign({ status: "pending" }));
    const overdue = new Date(Date.now() - 3_601_000).toISOString();

    await expect(waitIn(all, overdue)).rejects.toMatchObject({ name: "CampaignOverdue" });
    expect(all.item()).toEqual(campaign({ status: "pending" }));
    await waitIn(all, new Date(Date.now() - 3_590_000).toISOString());
  });

  test("makes no campaign that is not there", async () => {
    const empty = memoryTable(["id"]);

    const waiting = waitIn({ ...tables(), campaigns: empty }, new Date().toISOString());
    await expect(waiting).rejects.toThrow();
    expect(empty.items()).toEqual([]);
  });
});

describe("finish", () => {
  const earlier = "2026-01-01T00:00:00.000Z";
  const later = "2026-02-01T00:00:00.000Z";

  test("notes the success with recipients, deliveries and the campaign", async () => {
    const all = tables(campaign({ status: "pending", waiting: { token: "t", after: 0 } }));
    all.recipient("a");
    all.recipient("b", { lastCampaign: "old", lastCampaignAt: earlier, subscribed: false });
    all.recipient("c", { lastCampaign: "new", lastCampaignAt: later });
    all.recipient("other");
    for (const user of ["a", "b", "c"]) {
      all.deliveries.put({ campaign: id, user });
    }

    await finishIn(all);

    const noted = all.recipients
      .items()
      .map(({ lastCampaign, lastCampaignAt }) => [lastCampaign, lastCampaignAt]);
    expect(noted).toEqual([
      [id, createdAt],
      [id, createdAt],
      ["new", later],
      [undefined, undefined],
    ]);
    expect(all.deliveries.items()).toMatchObject(Array(3).fill({ sentAt: expect.any(String) }));
    expect(all.item()).toEqual(campaign({ status: "success", changedAt: expect.any(String) }));
  });

  test("revives nobody who has left, and drops what was to go to them", async () => {
    const all = tables(campaign({ status: "pending" }));
    const gone = { user: "a", version: 2, removed: true };
    all.recipients.put(gone);
    all.deliveries.put({ campaign: id, user: "a" });
    all.deliveries.put({ campaign: id, user: "unknown" });

    await finishIn(all);

    expect(all.recipients.items()).toEqual([gone]);
    expect(all.deliveries.items()).toEqual([]);
  });

  test("whenever it is interrupted, it ends the same, and again changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 30 }), draws, async (count, failures) => {
        const all = tables(campaign({ status: "pending" }), { interrupt: luck(failures) });
        for (let index = 0; index < count; index += 1) {
          all.recipient(`u${index}`, index % 3 === 0 ? { lastCampaignAt: later } : {});
          all.deliveries.put({ campaign: id, user: `u${index}` });
        }

        await insist(() => finishIn(all));
        const before = [all.campaigns, all.recipients, all.deliveries].map(({ stream }) => stream.length);
        await insist(() => finishIn(all));

        expect(all.item().status).toBe("success");
        expect(all.deliveries.items().filter(({ sentAt }) => sentAt)).toHaveLength(count);
        const noted = all.recipients.items().filter(({ lastCampaign }) => lastCampaign === id);
        expect(noted).toHaveLength(count - Math.ceil(count / 3));
        expect([all.campaigns, all.recipients, all.deliveries].map(({ stream }) => stream.length)).toEqual(
          before,
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe("the other ends", () => {
  const endIn = ({ campaigns }: Tables, status: "archived" | "failed") =>
    ended(campaigns.client)({ ...run, mail: { status, sequence: 2 } });
  const breakIn = ({ campaigns }: Tables, name: string) =>
    broken(campaigns.client)({
      ...run,
      error: { Error: name, Cause: '{"errorMessage":"secret internals"}' },
    });

  test.each(["archived", "failed"] as const)(
    "the campaign is %s as the mail service says",
    async (status) => {
      const all = tables(campaign({ status: "pending", waiting: { token: "t", after: 0 } }));

      await endIn(all, status);

      expect(all.item()).toEqual(campaign({ status, changedAt: expect.any(String) }));
    },
  );

  test.each(["MailRefused", "MailUnavailable", "CampaignOverdue", "States.Timeout", "TypeError"])(
    "after %s users are told why, and no internals",
    async (error) => {
      const all = tables();

      await breakIn(all, error);

      expect(all.item()).toMatchObject({ status: "broken", reason: expect.stringMatching(/^[A-Z].*\.$/) });
      expect(all.item().reason).not.toMatch(/internals|Error|States|Mail[RU]/);
    },
  );

  test("of ends, the first stays", async () => {
    const all = tables();
    await endIn(all, "failed");
    const before = all.item();

    await breakIn(all, "TypeError");
    await finishIn(all);

    expect(all.item()).toEqual(before);
  });
});
