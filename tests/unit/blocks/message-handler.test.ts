import type { Context, SQSRecord } from "aws-lambda";
import { eachMessage } from "../../../components/message-handler";
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
function queue(refuses = false) {
  const pauses: Record<string, number | undefined> = {};
  const client: QueueClient = {
    SendMessage: async () => {
      throw new Error("nobody sends");
    },
    ChangeMessageVisibility: async ({ ReceiptHandle = "", VisibilityTimeout }) => {
      if (refuses) {
        throw new Error("ServiceUnavailable");
      }
      pauses[ReceiptHandle] = VisibilityTimeout;
      return { $metadata: {} };
    },
  };
  return { client, pauses };
}

/** Fails for messages that say so. */
const failing = async ({ body }: SQSRecord) => {
  if (body === "poison") {
    throw new Error("cannot be digested");
  }
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

test("of several messages, those that failed are answered and postponed, and those alone", async () => {
  const { client, pauses } = queue();
  const Records = [message("a"), message("b", 1, "poison"), message("c"), message("d", 2, "poison")];

  const answer = await eachMessage(client, failing).factory()({ Records }, context);

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "d" }] });
  expect(pauses).toEqual({ "receipt of b": 2, "receipt of d": 4 });
  expect(console.error).toHaveBeenCalledWith(
    "a message could not be processed",
    expect.objectContaining({ messageId: "b", error: new Error("cannot be digested") }),
  );
});

test.each([
  [1, 2],
  [2, 4],
  [3, 8],
])("after attempt %p it comes again in %p s", async (attempt, seconds) => {
  const { client, pauses } = queue();

  await eachMessage(client, failing).factory()({ Records: [message("a", attempt, "poison")] }, context);

  expect(pauses).toEqual({ "receipt of a": seconds });
});

test("a pause that cannot be set hides no failure, of this message or another", async () => {
  const { client } = queue(true);
  const Records = [message("a", 1, "poison"), message("b"), message("c", 1, "poison")];

  const answer = await eachMessage(client, failing).factory()({ Records }, context);

  expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(["a", "c"]);
  expect(console.warn).toHaveBeenCalledTimes(2);
});

test("a handler that fails before its first await fails like any other", async () => {
  const { client } = queue();
  const handler = () => {
    throw new Error("at once");
  };

  const answer = await eachMessage(client, handler).factory()({ Records: [message("a")] }, context);

  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "a" }]);
});

test("a factory makes its handler once per container, and each call gets message and context", async () => {
  const { client } = queue();
  const seen: unknown[] = [];
  const factory = jest.fn(() => async (record: SQSRecord, { awsRequestId }: Context) => {
    seen.push([record.messageId, awsRequestId]);
  });

  const handle = eachMessage(client, { factory }).factory();
  await handle({ Records: [message("a"), message("b")] }, context);
  await handle({ Records: [message("c")] }, context);

  expect(factory).toHaveBeenCalledTimes(1);
  expect(seen).toEqual([
    ["a", "r"],
    ["b", "r"],
    ["c", "r"],
  ]);
});

test("messages of one call are worked off beside each other", async () => {
  const { client } = queue();
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

  const answer = await eachMessage(client, handler).factory()(
    { Records: [message("a"), message("b")] },
    context,
  );

  expect(answer.batchItemFailures).toEqual([]);
});
