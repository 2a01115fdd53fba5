import * as sfn from "@aws-sdk/client-sfn";
import type { DynamoDBStreamEvent } from "aws-lambda";
import * as fc from "fast-check";
import type { StatesClient } from "../../../components/sdk/states";
import { ask } from "../../../handlers/campaigns/ask";
import type { CampaignRecord, MailStatus } from "../../../handlers/campaigns/campaign";
import { recordOf } from "../../../handlers/campaigns/campaign";
import { drive } from "../../../handlers/campaigns/drive";
import { ended } from "../../../handlers/campaigns/end";
import { finish } from "../../../handlers/campaigns/finish";
import { gather } from "../../../handlers/campaigns/gather";
import { poll } from "../../../handlers/campaigns/poll";
import type { MailReport, RunStart } from "../../../handlers/campaigns/run";
import { wait } from "../../../handlers/campaigns/wait";
import { webhook } from "../../../handlers/campaigns/webhook";
import { apiKey, campaign, id, nowSeconds, report, signed, signingSecret } from "./campaigns-cloud";
import { memoryTable } from "./campaigns-table";
import { call } from "./http-event";

interface Luck {
  readonly scheduler: fc.Scheduler;
  /** How often each report is delivered; 0 is lost. */
  readonly copies: readonly number[];
  /** Turns before each report. */
  readonly pauses: readonly number[];
  /** Of calls, in turn: 0 has its effect, but its answer is lost. */
  readonly draws: readonly number[];
  /** Whether the mail service is asked when nothing is heard for a while. */
  readonly heartbeat: boolean;
}

/** Far more than any order needs. */
const mostTurns = 2000;

/** A mail service, a machine and a stream, whose every step comes in an order by chance. */
function cloud(statuses: readonly MailStatus[], { scheduler, copies, pauses, draws, heartbeat }: Luck) {
  // Timers have their turn as well.
  const turn = () => scheduler.schedule(new Promise((resolve) => setImmediate(resolve)));
  const left = [...draws];
  const interrupt = () => {
    if (left.shift() === 0) {
      throw new Error("the answer was lost");
    }
  };
  const insist = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch {
      await turn();
      return insist(work);
    }
  };
  const campaigns = memoryTable(["id"], { turn, interrupt });
  const recipients = memoryTable(["user"], { turn });
  const deliveries = memoryTable(["campaign", "user"], { turn });
  const signatures = memoryTable(["signature"], { turn, interrupt });
  const under: Promise<unknown>[] = [];

  const hook = webhook(campaigns.client, signatures.client, signingSecret().client);
  const answers: number[] = [];
  const deliver = async (body: string, seconds: number) => {
    await turn();
    const request = { path: { campaign: id }, body, headers: { "mail-signature": signed(body, seconds) } };
    answers.push((await insist(() => call(hook, request))).status);
  };

  let mail: MailReport | undefined;
  const send = async () => {
    for (const [index, status] of statuses.entries()) {
      for (let pause = 0; pause <= (pauses[index] ?? 0); pause += 1) {
        await turn();
      }
      const sequence = index + 1;
      mail = { status, sequence };
      for (let copy = 0; copy < (copies[index] ?? 1); copy += 1) {
        under.push(deliver(report(sequence, { status }), nowSeconds() - copy));
      }
    }
  };
  jest.spyOn(globalThis, "fetch").mockImplementation(async (_, { method } = {}) => {
    await turn();
    if (method === "POST" && !mail) {
      mail = { status: "pending", sequence: 0 };
      under.push(send());
    }
    interrupt();
    const answer = Response.json({ id: "mail-1", ...mail });
    await turn();
    return answer;
  });

  const tokens = new Map<string, (mail: MailReport) => void>();
  let round = 0;
  const waitIn = async (start: RunStart, known: MailReport): Promise<MailReport | undefined> => {
    round += 1;
    const token = `t${round}`;
    const resumed = new Promise<MailReport>((resolve) => tokens.set(token, resolve));
    try {
      await wait(
        campaigns.client,
        Number.POSITIVE_INFINITY,
        Number.POSITIVE_INFINITY,
      )({ token, input: { ...start, mail: known } });
    } catch {
      tokens.delete(token);
      return waitIn(start, known);
    }
    if (!heartbeat) {
      return resumed;
    }
    const silence = turn()
      .then(turn)
      .then(() => {
        tokens.delete(token);
        return undefined;
      });
    return Promise.race([resumed, silence]);
  };
  const run = async (start: RunStart) => {
    await insist(() => gather(campaigns.client, recipients.client, deliveries.client)(start));
    let known = await insist(() =>
      ask(campaigns.client, recipients.client, deliveries.client, "https://mail.example", apiKey())(start),
    );
    while (known.status === "pending") {
      const before = known;
      known =
        (await waitIn(start, before)) ??
        (await insist(() =>
          poll(campaigns.client, "https://mail.example", apiKey())({ ...start, mail: before }),
        ));
      expect(known.sequence).toBeGreaterThanOrEqual(before.sequence);
    }
    const last = { ...start, mail: known };
    await insist(() =>
      known.status === "success"
        ? finish(campaigns.client, recipients.client, deliveries.client)(last)
        : ended(campaigns.client)(last),
    );
  };

  const executions: Promise<void>[] = [];
  const machine = {
    StartExecution: async ({ input = "" }) => {
      await turn();
      if (executions.length > 0) {
        throw new sfn.ExecutionAlreadyExists({ $metadata: {}, message: "exists" });
      }
      executions.push(run(JSON.parse(input)));
      interrupt();
      return {};
    },
    SendTaskSuccess: async ({ taskToken = "", output = "" }) => {
      await turn();
      const resolve = tokens.get(taskToken);
      if (!resolve) {
        throw new sfn.TaskTimedOut({ $metadata: {}, message: "timed out" });
      }
      tokens.delete(taskToken);
      resolve(JSON.parse(output));
      interrupt();
      return {};
    },
  } as unknown as StatesClient;

  const handle = drive(campaigns.client, machine);
  let position = 0;
  const pump = async (size: number) => {
    const batch = campaigns.stream.slice(position, position + size);
    const filtered = batch.filter(
      ({ eventName, dynamodb }) => eventName === "INSERT" || dynamodb?.NewImage?.waiting,
    );
    const { batchItemFailures } = await handle({ Records: filtered } as DynamoDBStreamEvent);
    const [failed] = batchItemFailures;
    position = failed ? Number(failed.itemIdentifier) - 1 : position + batch.length;
  };

  return {
    campaigns,
    recipients,
    deliveries,
    answers,
    executions,
    tokens,
    /** Runs until nothing is left to do. */
    finished: async () => {
      for (let count = 0; count < mostTurns; count += 1) {
        await turn();
        await pump((campaigns.stream.length % 3) + 1);
        const work = [...executions, ...under];
        const isDone = await Promise.race([Promise.all(work).then(() => true), turn().then(() => false)]);
        const isAll = work.length === executions.length + under.length;
        if (isDone && isAll && work.length > 0 && position === campaigns.stream.length) {
          return;
        }
      }
      throw new Error("an execution has come to a standstill");
    },
  };
}

beforeEach(() => {
  jest.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => jest.restoreAllMocks());

const final = fc.constantFrom<MailStatus>("success", "failed", "archived");
const statuses = fc
  .tuple(
    fc.array(fc.constant<MailStatus>("pending"), { maxLength: 3 }),
    final,
    fc.array(final, { maxLength: 1 }),
  )
  .map(([before, end, after]) => [...before, end, ...after]);

test.each([
  ["whatever comes when, twice or never, a campaign ends once, as the mail service ended it", true],
  ["of reports that come, none is left unheard, though nobody asks", false],
])("%s", async (_, heartbeat) => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      statuses,
      fc.array(fc.integer({ min: heartbeat ? 0 : 1, max: 2 }), { minLength: 5, maxLength: 5 }),
      fc.array(fc.nat(20), { minLength: 5, maxLength: 5 }),
      fc.array(fc.nat(4), { maxLength: 30 }),
      async (scheduler, told, copies, pauses, draws) => {
        const all = cloud(told, { scheduler, copies, pauses, draws, heartbeat });
        all.recipients.put({ user: "a", version: 1, email: "a@example.com", name: "", subscribed: true });
        all.campaigns.put(campaign());

        await scheduler.waitFor(all.finished());

        const item = all.campaigns.items()[0] as unknown as CampaignRecord;
        const history = all.campaigns.stream.map(({ dynamodb }) =>
          recordOf((dynamodb?.NewImage ?? {}) as Parameters<typeof recordOf>[0]),
        );
        const sequences = history.map(({ sequence }) => sequence);
        const isOver = history.map(({ status }) => status !== "starting" && status !== "pending");
        // Where it tells of two ends, the second may have come before we knew of the first.
        expect(told.slice(0, item.sequence).filter((status) => status !== "pending")).toContain(item.status);
        expect(item).not.toHaveProperty("waiting");
        expect(all.executions).toHaveLength(1);
        expect(all.tokens.size).toBe(0);
        expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
        expect(isOver.filter(Boolean)).toHaveLength(1);
        expect(isOver.at(-1)).toBe(true);
        expect(all.answers.filter((status) => status !== 200 && status !== 409)).toEqual([]);
        expect(all.recipients.items()[0]?.lastCampaign).toBe(item.status === "success" ? id : undefined);
      },
    ),
    { numRuns: 100, interruptAfterTimeLimit: 25_000, markInterruptAsFailure: true },
  );
});
