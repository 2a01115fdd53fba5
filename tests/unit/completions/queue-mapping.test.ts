import * as fc from "fast-check";
import type { QueueSettings } from "../../../local/completions/mapping-settings";
import { QueueMapping } from "../../../local/completions/queue-mapping";
import { batchLength } from "../../../local/completions/queue-record";
import type { FakeEmulator } from "../front-door/fake-emulator";
import { FakeQueue } from "./fake-queue";
import { type FakeAnswer, serviceAt, startFake } from "./surroundings";

const settings: QueueSettings = {
  kind: "sqs",
  sourceArn: "arn:aws:sqs:eu-west-1:000000000000:views",
  functionName: "count",
  batchSize: 10,
  maximumBatchingWindowInSeconds: 0.2,
  filterPatterns: [],
  reportsBatchItemFailures: true,
  maximumConcurrency: 5,
};

let emulator: FakeEmulator;
let queue: FakeQueue;
let mapping: QueueMapping | undefined;
/** Ids of the messages of each invocation. */
let invocations: string[][];
/** What the function answers; undefined: nothing yet. */
let decide: (ids: readonly string[]) => FakeAnswer | undefined;

beforeEach(async () => {
  queue = new FakeQueue();
  invocations = [];
  decide = () => ({ json: null });
  emulator = await startFake({
    operation: (name) => ({ error: name }),
    invoke({ Records }) {
      const ids = (Records as { messageId: string }[]).map(({ messageId }) => messageId);
      invocations.push(ids);
      return decide(ids);
    },
  });
});
afterEach(async () => {
  await mapping?.stop();
  mapping = undefined;
  await emulator.stop();
});

function begin(given: Partial<QueueSettings> = {}): QueueMapping {
  mapping = new QueueMapping({ ...settings, ...given }, queue, serviceAt(emulator, "lambda.amazonaws.com"));
  return mapping;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const ids = (count: number) => Array.from({ length: count }, (_, n) => `m${n}`);
const failing = (...poison: string[]) => ({
  json: { batchItemFailures: poison.map((itemIdentifier) => ({ itemIdentifier })) },
});

test("a batch that is full does not wait for its window to be over", async () => {
  queue.send(...ids(45));
  begin({ batchSize: 20, maximumBatchingWindowInSeconds: 60 });
  await until(() => queue.deleted.length === 40);

  expect(invocations.map(({ length }) => length)).toEqual([20, 20]);
});

test("messages that come within the window join the batch", async () => {
  queue.send("a");
  begin();
  await until(() => queue.hidden.size === 1);
  queue.send("b");
  await until(() => queue.deleted.length === 2);

  expect(invocations).toEqual([["a", "b"]]);
});

test("what the function answers as failed stays hidden, all else is deleted", async () => {
  queue.send(...ids(5));
  decide = () => failing("m1", "m3");
  begin();
  await until(() => queue.deleted.length === 3);

  expect(queue.deleted).toEqual(["m0", "m2", "m4"]);
  expect([...queue.hidden]).toEqual(["m1", "m3"]);
});

test.each<[string, FakeAnswer]>([
  ["throws", { functionError: { errorMessage: "away" } }],
  ["names a message that is not of the batch", failing("m0", "other")],
  ["names no message", { json: { batchItemFailures: [{}] } }],
  ["may not be called", { error: "AccessDeniedException", status: 403 }],
])("a function that %s has done nothing", async (_what, answer) => {
  queue.send("m0", "m1");
  decide = () => answer;
  const begun = begin({ batchSize: 2 });
  await until(() => invocations.length === 1);
  await begun.stop();

  expect(queue.deleted).toEqual([]);
  expect([...queue.hidden]).toEqual(["m0", "m1"]);
  expect(invocations).toHaveLength(1);
});

test("failures that the mapping does not ask for count as success", async () => {
  queue.send("m0");
  decide = () => failing("m0");
  begin({ reportsBatchItemFailures: false });
  await until(() => queue.deleted.length === 1);
});

test("a batch that Lambda refuses for now is tried again", async () => {
  queue.send("m0");
  decide = () =>
    invocations.length < 3 ? { error: "TooManyRequestsException", status: 429 } : { json: null };
  begin();
  await until(() => queue.deleted.length === 1);

  expect(invocations).toEqual([["m0"], ["m0"], ["m0"]]);
});

test("no more batches are under way than may be, and as many", async () => {
  queue.send(...ids(12));
  decide = () => undefined;
  begin({ batchSize: 2, maximumConcurrency: 3 });
  await until(() => invocations.length === 3);
  await new Promise((resolve) => setTimeout(resolve, 100));

  expect(invocations).toHaveLength(3);
  decide = () => ({ json: null });
  // Who waits for an answer asks again.
  emulator.server.closeAllConnections();
  await until(() => queue.deleted.length === 12);
});

test("what does not fit the filter is deleted without a call", async () => {
  queue.send('{"photo":"p1"}', '{"photo":"p2"}', "text");
  begin({ filterPatterns: ['{"body":{"photo":["p2"]}}', '{"body":["text"]}'] });
  await until(() => queue.deleted.length === 3);

  expect(invocations).toEqual([['{"photo":"p2"}', "text"]]);
});

test("what was only gathered can be had at once when the mapping stops", async () => {
  queue.send(...ids(3));
  const begun = begin({ maximumBatchingWindowInSeconds: 60 });
  await until(() => queue.hidden.size === 3);
  await begun.stop();

  expect(invocations).toEqual([]);
  expect(queue.visible.sort()).toEqual(ids(3));
});

test("a queue that cannot be read for a while is read on", async () => {
  queue.send("m0");
  queue.failures = 2;
  begin();
  await until(() => queue.deleted.length === 1);
});

test("every message is deleted or left hidden, once, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        count: fc.integer({ min: 1, max: 60 }),
        poison: fc.uniqueArray(fc.nat(59), { maxLength: 20 }),
        batchSize: fc.integer({ min: 1, max: 30 }),
        maximumConcurrency: fc.integer({ min: 2, max: 5 }),
      }),
      async ({ count, poison, batchSize, maximumConcurrency }) => {
        queue = new FakeQueue();
        invocations = [];
        const bad = new Set(poison.map((n) => `m${n}`));
        decide = (of) => failing(...of.filter((id) => bad.has(id)));
        queue.send(...ids(count));
        const running = begin({ batchSize, maximumConcurrency, maximumBatchingWindowInSeconds: 0.01 });
        await until(() => invocations.flat().length === count);
        await running.stop();

        expect(invocations.flat().sort()).toEqual(ids(count).sort());
        expect(queue.deleted.sort()).toEqual(
          ids(count)
            .filter((id) => !bad.has(id))
            .sort(),
        );
        expect([...queue.hidden].sort()).toEqual(
          ids(count)
            .filter((id) => bad.has(id))
            .sort(),
        );
        expect(Math.max(...invocations.map(({ length }) => length))).toBeLessThanOrEqual(batchSize);
      },
    ),
    { numRuns: 15 },
  );
});

test("a batch is as long as it may be, as an invocation can carry, and at least one", () => {
  const limit = 6 * 1024 * 1024;
  const sizes = fc.array(fc.integer({ min: 100, max: limit }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 30 }), (all, batchSize) => {
      const records = all.map((sizeBytes) => ({ sizeBytes }));
      const length = batchLength(records, batchSize);
      const carried = (count: number) =>
        JSON.stringify({ Records: [] }).length +
        all.slice(0, count).reduce((sum, size) => sum + size + 1, 0) -
        1;
      const fits = (count: number) => count <= batchSize && carried(count) <= limit;
      expect(length).toBeGreaterThanOrEqual(1);
      expect(length === 1 || fits(length)).toBe(true);
      expect(length === all.length || !fits(length + 1)).toBe(true);
    }),
  );
});
