import * as fc from "fast-check";
import {
  expired,
  type FailurePolicy,
  type Outcome,
  outcomeOf,
  type Sequenced,
  type Span,
  settle,
} from "../../../local/completions/stream-batch";

const record = (n: number, createdAt = 0): Sequenced => ({ sequenceNumber: String(n), createdAt });
const records = (count: number) => Array.from({ length: count }, (_, n) => record(n));
const numbers = (of: readonly Sequenced[]) => of.map(({ sequenceNumber }) => Number(sequenceNumber));
const span = (count: number, failures = 0): Span<Sequenced> => ({
  records: records(count),
  failures,
  invocations: failures,
});
const policy = (given: Partial<FailurePolicy> = {}): FailurePolicy => ({
  bisectBatchOnFunctionError: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeInSeconds: -1,
  ...given,
});
const partial = (n: number): Outcome => ({ kind: "partial", sequenceNumber: String(n) });

function settled(of: Span<Sequenced>, outcome: Outcome, given: Partial<FailurePolicy> = {}) {
  const { done, discarded, todo } = settle(of, outcome, policy(given));
  return {
    done: numbers(done),
    discarded: numbers(discarded?.records ?? []),
    todo: todo.map(({ records, failures }) => [numbers(records), failures]),
  };
}

test("a batch that succeeds is done", () => {
  expect(settled(span(3), { kind: "success" })).toEqual({ done: [0, 1, 2], discarded: [], todo: [] });
});

test("a batch that fails is tried again as it is, to the limit", () => {
  const failure = { kind: "failure" } as const;

  expect(settled(span(3), failure).todo).toEqual([[[0, 1, 2], 1]]);
  expect(settled(span(3, 1), failure, { maximumRetryAttempts: 2 }).todo).toEqual([[[0, 1, 2], 2]]);
  expect(settled(span(3, 2), failure, { maximumRetryAttempts: 2 })).toEqual({
    done: [],
    discarded: [0, 1, 2],
    todo: [],
  });
});

test("bisecting halves it, which counts as no retry", () => {
  const given = { bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 };

  expect(settled(span(5), { kind: "failure" }, given)).toEqual({
    done: [],
    discarded: [],
    todo: [
      [[0, 1, 2], 0],
      [[3, 4], 0],
    ],
  });
  expect(settled(span(1), { kind: "failure" }, given).discarded).toEqual([0]);
});

test("what stands before the lowest failed record is done", () => {
  expect(settled(span(4), partial(2))).toEqual({ done: [0, 1], discarded: [], todo: [[[2, 3], 1]] });
  expect(settled(span(4), partial(2), { maximumRetryAttempts: 0 })).toEqual({
    done: [0, 1],
    discarded: [2, 3],
    todo: [],
  });
  expect(settled(span(4), partial(2), { bisectBatchOnFunctionError: true }).todo).toEqual([[[2, 3], 0]]);
});

test("a batch that Lambda did not take is tried again as it is, without end", () => {
  const given = { maximumRetryAttempts: 0, bisectBatchOnFunctionError: true };

  expect(settled(span(2), { kind: "refused" }, given).todo).toEqual([[[0, 1], 0]]);
});

const anyOutcome = fc.oneof(
  fc.constantFrom<Outcome>({ kind: "success" }, { kind: "failure" }, { kind: "refused" }),
  fc.nat(12).map(partial),
);
const anyPolicy = fc.record<FailurePolicy>({
  bisectBatchOnFunctionError: fc.boolean(),
  maximumRetryAttempts: fc.integer({ min: -1, max: 3 }),
  maximumRecordAgeInSeconds: fc.constant(-1),
});

test("no record is lost, doubled or out of order", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.nat(3),
      anyOutcome,
      anyPolicy,
      (count, failures, how, given) => {
        const of = span(count, failures);
        const { done, discarded, todo } = settle(of, how, given);
        const all = [...done, ...(discarded?.records ?? []), ...todo.flatMap(({ records }) => records)];
        expect(all).toEqual(of.records);
      },
    ),
  );
});

/** Processes a batch to its end with a function that fails on poison. */
function run(count: number, poison: ReadonlySet<number>, given: FailurePolicy, reports: boolean) {
  const todo = [span(count)];
  const done: number[] = [];
  const discarded: number[] = [];
  let invocations = 0;
  for (let next = todo.shift(); next; next = todo.shift()) {
    invocations += 1;
    const failed = next.records.find(({ sequenceNumber }) => poison.has(Number(sequenceNumber)));
    const how: Outcome = !failed
      ? { kind: "success" }
      : reports
        ? { kind: "partial", sequenceNumber: failed.sequenceNumber }
        : { kind: "failure" };
    const after = settle(next, how, given);
    done.push(...numbers(after.done));
    discarded.push(...numbers(after.discarded?.records ?? []));
    todo.unshift(...after.todo);
  }
  return { done, discarded, invocations };
}

test("bisecting sets apart exactly the poison, in order", () => {
  const cases = fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    poison: fc.uniqueArray(fc.nat(39), { maxLength: 5 }),
    retries: fc.nat(3),
    reports: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ count, poison, retries, reports }) => {
      const given = policy({ bisectBatchOnFunctionError: true, maximumRetryAttempts: retries });
      const all = numbers(records(count));
      const { done, discarded, invocations } = run(count, new Set(poison), given, reports);
      expect(done).toEqual(all.filter((n) => !poison.includes(n)));
      expect(discarded).toEqual(all.filter((n) => poison.includes(n)));
      expect(invocations).toBeLessThanOrEqual(2 * count * (retries + 1));
    }),
  );
});

test("records that are too old are those from the first to the first that is not", () => {
  const mixed = [record(0, 10), record(1, 50), record(2, 20)];

  expect(expired(mixed, 100, policy({ maximumRecordAgeInSeconds: 60 }))).toBe(1);
  expect(expired(mixed, 1000, policy({ maximumRecordAgeInSeconds: 60 }))).toBe(3);
  expect(expired(mixed, 1000, policy())).toBe(0);
});

test.each<[string, string, Outcome]>([
  ["nothing", "", { kind: "success" }],
  ["null", "null", { kind: "success" }],
  ["no failures", '{"batchItemFailures":[]}', { kind: "success" }],
  ["null for failures", '{"batchItemFailures":null}', { kind: "success" }],
  ["failures", '{"batchItemFailures":[{"itemIdentifier":"2"},{"itemIdentifier":"1"}]}', partial(1)],
  ["an empty identifier", '{"batchItemFailures":[{"itemIdentifier":""}]}', { kind: "failure" }],
  ["another key", '{"batchItemFailures":[{"id":"1"}]}', { kind: "failure" }],
  ["an unknown record", '{"batchItemFailures":[{"itemIdentifier":"9"}]}', { kind: "failure" }],
  ["null for a failure", '{"batchItemFailures":[null]}', { kind: "failure" }],
])("an answer with %s", (_what, answer, expected) => {
  expect(outcomeOf(answer, records(3), true)).toEqual(expected);
});

test("failures that the mapping does not ask for count as success", () => {
  const answer = '{"batchItemFailures":[{"itemIdentifier":"1"}]}';

  expect(outcomeOf(answer, records(3), false)).toEqual({ kind: "success" });
});
