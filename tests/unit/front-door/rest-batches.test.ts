import * as fc from "fast-check";
import type { ServiceAnswer, ServiceCall } from "../../../local/front-door/rest-backend";
import { RestBatches } from "../../../local/front-door/rest-batches";

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

const entriesOf = ({ body }: ServiceCall): Entry[] => JSON.parse(body).Entries;

const call = (text: string, path = "/1/q"): ServiceCall => ({
  address: { service: "sqs", region: "eu-west-1", operation: undefined, path },
  role: "role",
  headers: {},
  body: new URLSearchParams({ Action: "SendMessage", MessageBody: text }).toString(),
});

/** A queue that answers each message with itself, and refuses those that begin with a `!`. */
function queue() {
  const batches: ServiceCall[] = [];
  let underWay = 0;
  let most = 0;
  const answer = async (batch: ServiceCall): Promise<ServiceAnswer> => {
    batches.push(batch);
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    const Successful = entriesOf(batch).filter(({ MessageBody }) => !MessageBody.startsWith("!"));
    const Failed = entriesOf(batch).filter(({ MessageBody }) => MessageBody.startsWith("!"));
    const body = JSON.stringify({
      Successful: Successful.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: MessageBody,
        MD5OfMessageBody: "",
      })),
      Failed: Failed.map(({ Id }) => ({ Id, Code: "InvalidMessageContents", SenderFault: true })),
    });
    return { status: 200, headers: {}, body };
  };
  return { batches, most: () => most, call: answer };
}

test("every message goes once, in order, and has its own answer", async () => {
  const text = fc.oneof(fc.string({ minLength: 1 }), fc.constant("x".repeat(200_000)), fc.constant("!"));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 60 }), async (texts) => {
      const backend = queue();
      const batches = new RestBatches(backend);
      const answers = await Promise.all(texts.map((message) => batches.send(call(message))));

      const sent = backend.batches.map(entriesOf);
      expect(sent.flat().map(({ MessageBody }) => MessageBody)).toEqual(texts);
      expect(sent.every(({ length }) => length >= 1 && length <= 10)).toBe(true);
      const bytes = sent.map((batch) =>
        Buffer.byteLength(batch.map(({ MessageBody }) => MessageBody).join("")),
      );
      expect(bytes.every((size, index) => size <= 262_144 || sent[index]?.length === 1)).toBe(true);
      expect(backend.most()).toBeLessThanOrEqual(2);
      expect(answers.map((answer) => answer?.status)).toEqual(
        texts.map((message) => (message.startsWith("!") ? 400 : 200)),
      );
      for (const [index, answer] of answers.entries()) {
        const { SendMessageResponse } = JSON.parse(answer?.body ?? "{}");
        expect([undefined, texts[index]]).toContain(SendMessageResponse?.SendMessageResult.MessageId);
      }
    }),
  );
});

test("messages of other queues do not join", async () => {
  const backend = queue();
  const batches = new RestBatches(backend);
  await Promise.all([batches.send(call("a")), batches.send(call("b", "/1/other"))]);

  expect(backend.batches.map(({ body }) => JSON.parse(body).QueueUrl)).toEqual([
    "https://sqs.eu-west-1.amazonaws.com/1/q",
    "https://sqs.eu-west-1.amazonaws.com/1/other",
  ]);
});

test("a batch that fails fails each of its messages, and the next ones go on", async () => {
  const backend = queue();
  let isDown = true;
  const batches = new RestBatches({
    call: async (batch) => {
      if (isDown) {
        throw new Error("down");
      }
      return backend.call(batch);
    },
  });
  await expect(batches.send(call("a"))).rejects.toThrow("down");
  isDown = false;

  await expect(batches.send(call("b"))).resolves.toMatchObject({ status: 200 });
});

test("what a whole batch is refused for, each message is", async () => {
  const denied: ServiceAnswer = { status: 403, headers: {}, body: "denied" };
  const batches = new RestBatches({ call: async () => denied });

  await expect(batches.send(call("a"))).resolves.toEqual(denied);
});
