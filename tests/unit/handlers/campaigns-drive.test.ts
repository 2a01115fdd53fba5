import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import * as sfn from "@aws-sdk/client-sfn";
import type { DynamoDBStreamEvent } from "aws-lambda";
import type { StatesClient } from "../../../components/sdk/states";
import { announce } from "../../../handlers/campaigns/announce";
import type { CampaignRecord } from "../../../handlers/campaigns/campaign";
import { drive } from "../../../handlers/campaigns/drive";
import { campaign, createdAt, id } from "./campaigns-cloud";
import { memoryTable } from "./campaigns-table";

const refusal = { $metadata: {}, message: "refused" };

/** A table, and a machine whose calls answer in turn what `errors` says. */
function driven(errors: (Error | undefined)[] = []) {
  const campaigns = memoryTable(["id"]);
  const calls: object[] = [];
  const answer = async (input: object) => {
    calls.push(input);
    const error = errors.shift();
    if (error) {
      throw error;
    }
    return { $metadata: {} };
  };
  const machine = { StartExecution: answer, SendTaskSuccess: answer } as unknown as StatesClient;
  const handle = drive(campaigns.client, machine);
  return {
    campaigns,
    calls,
    /** The stream's records from a position on. */
    run: (from = 0) => handle({ Records: campaigns.stream.slice(from) } as DynamoDBStreamEvent),
  };
}
const waiting = (change: Partial<CampaignRecord> = {}) =>
  campaign({ status: "pending", waiting: { token: "t1", after: 1 }, sequence: 1, ...change });

beforeEach(() => {
  jest.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => jest.restoreAllMocks());

describe("drive", () => {
  test("starts an execution, by the campaign's name, for each that is new", async () => {
    const { campaigns, calls, run } = driven();
    campaigns.put(campaign());

    expect(await run()).toEqual({ batchItemFailures: [] });
    expect(calls).toEqual([{ name: id, input: JSON.stringify({ id, createdAt }) }]);
  });

  test("one that runs already is a success", async () => {
    const { campaigns, run } = driven([new sfn.ExecutionAlreadyExists(refusal)]);
    campaigns.put(campaign());

    expect(await run()).toEqual({ batchItemFailures: [] });
  });

  test("resumes one that waits once there is news, and notes that it waits no more", async () => {
    const { campaigns, calls, run } = driven();
    campaigns.put(waiting());
    campaigns.put(waiting({ sequence: 2, mailStatus: "success" }));

    expect(await run(1)).toEqual({ batchItemFailures: [] });

    expect(calls).toEqual([{ taskToken: "t1", output: '{"status":"success","sequence":2}' }]);
    expect(campaigns.items()).toEqual([campaign({ status: "pending", sequence: 2, mailStatus: "success" })]);
  });

  test("resumes one that begins to wait after the news came", async () => {
    const { campaigns, calls, run } = driven();
    campaigns.put(campaign({ status: "pending", sequence: 2, mailStatus: "archived" }));
    campaigns.put(waiting({ sequence: 2, mailStatus: "archived" }));

    await run(1);

    expect(calls).toEqual([{ taskToken: "t1", output: '{"status":"archived","sequence":2}' }]);
  });

  test("leaves one that knows all, and one that does not wait", async () => {
    const { campaigns, calls, run } = driven();
    campaigns.put(waiting());
    campaigns.put(waiting({ recipients: 3 }));
    campaigns.put(campaign({ sequence: 5, mailStatus: "success" }));
    campaigns.put(waiting({ sequence: 0, waiting: { token: "t1", after: 0 } }));

    await run(1);

    expect(calls).toEqual([]);
  });

  test.each([
    new sfn.TaskTimedOut(refusal),
    new sfn.TaskDoesNotExist(refusal),
    new sfn.InvalidToken(refusal),
  ])("a token that is stale is dropped: $name", async (error) => {
    const { campaigns, run } = driven([error]);
    campaigns.put(waiting());
    campaigns.put(waiting({ sequence: 2, mailStatus: "success" }));

    expect(await run(1)).toEqual({ batchItemFailures: [] });
    expect(campaigns.items()[0]).not.toHaveProperty("waiting");
  });

  test("another token that it waits by meanwhile stays", async () => {
    const { campaigns, run } = driven();
    campaigns.put(waiting());
    campaigns.put(waiting({ sequence: 2, mailStatus: "pending" }));
    const newer = waiting({ sequence: 2, mailStatus: "pending", waiting: { token: "t2", after: 2 } });
    campaigns.put(newer);

    expect(await run(1)).toEqual({ batchItemFailures: [] });
    expect(campaigns.items()).toEqual([newer]);
  });

  test("from the first that failed all come again; the others are not held up", async () => {
    const unavailable = new sfn.StateMachineDeleting(refusal);
    const { campaigns, calls, run } = driven([undefined, unavailable]);
    for (const index of [1, 2, 3, 4]) {
      campaigns.put(campaign({ id: id.slice(0, -1) + index }));
    }

    expect(await run()).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
    expect(calls).toHaveLength(4);
  });
});

describe("announce", () => {
  async function toldOf(...states: CampaignRecord[]): Promise<PutEventsRequestEntry[]> {
    const campaigns = memoryTable(["id"]);
    const entries: PutEventsRequestEntry[] = [];
    for (const state of states) {
      campaigns.put(state);
    }
    const handle = announce({
      PutEvents: async ({ Entries }) => {
        entries.push(...Entries);
        return { $metadata: {}, Entries: Entries.map(() => ({})) };
      },
    }).factory();
    await handle({ Records: campaigns.stream });
    return entries;
  }

  test("tells of a campaign that is new, with what others may know", async () => {
    const [entry, ...others] = await toldOf(campaign({ recipients: 3, status: "broken", reason: "why" }));

    expect(others).toEqual([]);
    expect(entry).toMatchObject({ Source: "gallery.campaigns", DetailType: "campaign.changed" });
    expect(JSON.parse(entry?.Detail ?? "")).toEqual({
      changeId: "change-1",
      id,
      owner: "ann",
      subject: "Dunes",
      status: "broken",
      sequence: 0,
      recipients: 3,
      reason: "why",
    });
  });

  test.each<[Partial<CampaignRecord>, number]>([
    [{ status: "pending" }, 2],
    [{ sequence: 1, mailStatus: "pending" }, 2],
    [{ recipients: 0 }, 2],
    [{ waiting: { token: "t", after: 0 } }, 1],
    [{ mailId: "mail-1" }, 1],
  ])("after a change of %j the bus has heard %i events", async (change, expected) => {
    expect(await toldOf(campaign(), campaign(change))).toHaveLength(expected);
  });
});
