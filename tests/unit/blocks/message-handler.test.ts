import type { Context, SQSRecord } from "aws-lambda";
import * as fc from "fast-check";
import { queueHandler } from "../../../components/message-handler";
import type { QueueClient } from "../../../components/sdk/sqs";

const message = (messageId: string, received = 1, body = messageId) =>
  ({
    messageId,
    receiptHandle: `receipt of ${messageId}`,
    body,
    attributes: { ApproximateReceiveCount: String(received) },
  }) as SQSRecord;
const context = { awsRequestId: "r" } as Context;

/** A queue that notes the pauses it was asked for, or refuses them. */
function queue({ refuses = false, keeps = false } = {}) {
  const pauses: Record<string, number | undefined> = {};
  const calls: number[] = [];
  const client: QueueClient = {
    SendMessage: async () => {
      throw new Error("nobody sends");
    },
    ChangeMessageVisibilityBatch: async ({ Entries = [] }) => {
      calls.push(Entries.length);
      if (refuses) {
        throw new Error("ServiceUnavailable");
      }
      for (const { ReceiptHandle = "", VisibilityTimeout } of keeps ? [] : Entries) {
        pauses[ReceiptHandle] = VisibilityTimeout;
      }
      const Failed = Entries.map(({ Id }) => ({ Id, Code: "InvalidReceipt", SenderFault: true }));
      return { Successful: [], Failed: keeps ? Failed : [], $metadata: {} };
    },
  };
  return { client, pauses, calls };
}

/** Fails for messages that say so. */
const failing = async ({ body }: SQSRecord) => {
  if (body === "poison") {
    throw new Error("cannot be digested");
  }
};
/** Answers the messages that say so. */
const answering = {
  batch: async (records: readonly SQSRecord[]) => ({
    batchItemFailures: records
      .filter(({ body }) => body === "poison")
      .map(({ messageId }) => ({ itemIdentifier: messageId })),
  }),
};

let logged: jest.SpyInstance[];
beforeEach(() => {
  logged = [jest.spyOn(console, "error"), jest.spyOn(console, "warn")].map((spy) =>
    spy.mockImplementation(() => {}),
  );
});
afterEach(() => {
  for (const spy of logged) {
    spy.mockRestore();
  }
});

describe.each([
  ["message by message", failing],
  ["in a batch", answering],
])("worked off %s", (_how, handler) => {
  test("those that failed are answered and postponed, and those alone", async () => {
    const { client, pauses } = queue();
    const Records = [message("a"), message("b", 1, "poison"), message("c"), message("d", 2, "poison")];

    const answer = await queueHandler(client, handler).factory()({ Records }, context);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "d" }] });
    expect(pauses).toEqual({ "receipt of b": 2, "receipt of d": 4 });
  });

  test.each([
    [1, 2],
    [2, 4],
    [3, 8],
  ])("after attempt %p it comes again in %p s", async (attempt, seconds) => {
    const { client, pauses } = queue();

    await queueHandler(client, handler).factory()({ Records: [message("a", attempt, "poison")] }, context);

    expect(pauses).toEqual({ "receipt of a": seconds });
  });

  test("a pause that cannot be set hides no failure", async () => {
    const Records = [message("a", 1, "poison"), message("b"), message("c", 1, "poison")];
    const failed = [{ itemIdentifier: "a" }, { itemIdentifier: "c" }];

    const refused = await queueHandler(queue({ refuses: true }).client, handler).factory()(
      { Records },
      context,
    );
    const kept = await queueHandler(queue({ keeps: true }).client, handler).factory()({ Records }, context);

    expect([refused, kept]).toEqual([{ batchItemFailures: failed }, { batchItemFailures: failed }]);
    // One call was refused; of the other, each message.
    expect(console.warn).toHaveBeenCalledTimes(3);
  });

  test("any number is postponed in tens, each message once, and where none failed nothing is called", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 200 }), async (failures) => {
        const { client, pauses, calls } = queue();
        const Records = failures.map((fails, n) => message(`m${n}`, 1, fails ? "poison" : "good"));

        const { batchItemFailures } = await queueHandler(client, handler).factory()({ Records }, context);

        const failed = Records.filter(({ body }) => body === "poison").map(({ messageId }) => messageId);
        expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(failed);
        expect(Object.keys(pauses).sort()).toEqual(failed.map((id) => `receipt of ${id}`).sort());
        expect(calls).toHaveLength(Math.ceil(failed.length / 10));
        expect(Math.max(0, ...calls)).toBeLessThanOrEqual(10);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a message handler", () => {
  test("that fails before its first await fails like any other, and why is logged", async () => {
    const handler = () => {
      throw new Error("at once");
    };

    const answer = await queueHandler(queue().client, handler).factory()(
      { Records: [message("a")] },
      context,
    );

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "a" }]);
    expect(console.error).toHaveBeenCalledWith(
      "a message could not be processed",
      expect.objectContaining({ messageId: "a", error: new Error("at once") }),
    );
  });

  test("is called with the messages of one invocation beside each other", async () => {
    const waiting: (() => void)[] = [];
    const handler = async () => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) {
          for (const go of waiting) {
            go();
          }
        }
      });
    };

    const answer = await queueHandler(queue().client, handler).factory()(
      { Records: [message("a"), message("b")] },
      context,
    );

    expect(answer.batchItemFailures).toEqual([]);
  });
});

describe("a batch handler", () => {
  test("is called once with all messages", async () => {
    const batch = jest.fn(async () => undefined);
    const Records = [message("a"), message("b")];

    const answer = await queueHandler(queue().client, { batch }).factory()({ Records }, context);

    expect(batch.mock.calls).toEqual([[Records, context]]);
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  test("that throws has failed for all, and why is logged once", async () => {
    const { client, pauses } = queue();
    const batch = () => {
      throw new Error("the database is away");
    };

    const answer = await queueHandler(client, { batch }).factory()(
      { Records: [message("a"), message("b", 2)] },
      context,
    );

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "a" }, { itemIdentifier: "b" }]);
    expect(pauses).toEqual({ "receipt of a": 2, "receipt of b": 4 });
    expect(console.error).toHaveBeenCalledTimes(1);
    expect(console.error).toHaveBeenCalledWith("a batch could not be processed", {
      messages: 2,
      error: new Error("the database is away"),
    });
  });

  test("that answers for a message it was not given has failed for all, as Lambda sees it", async () => {
    const batch = async () => ({ batchItemFailures: [{ itemIdentifier: "a" }, { itemIdentifier: "z" }] });

    const answer = await queueHandler(queue().client, { batch }).factory()(
      { Records: [message("a"), message("b")] },
      context,
    );

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "a" }, { itemIdentifier: "b" }]);
    expect(console.error).toHaveBeenCalledWith(
      "a batch could not be processed",
      expect.objectContaining({ error: expect.objectContaining({ name: "UnknownMessages" }) }),
    );
  });
});

test.each([
  ["message handler", (factory: () => jest.Mock) => ({ factory })],
  ["batch handler", (factory: () => jest.Mock) => ({ batch: { factory } })],
])("the factory of a %s makes it once per container", async (_what, handlerOf) => {
  const work = jest.fn(async () => undefined);
  const factory = jest.fn(() => work);

  const handle = queueHandler(queue().client, handlerOf(factory)).factory();
  await handle({ Records: [message("a")] }, context);
  await handle({ Records: [message("b")] }, context);

  expect(factory).toHaveBeenCalledTimes(1);
  expect(work).toHaveBeenCalledTimes(2);
  expect(work).toHaveBeenLastCalledWith(expect.anything(), context);
});
