import * as fc from "fast-check";
import { seal } from "../../../../components/sdk/cache/envelope";
import { type Reading, readThrough } from "../../../../components/sdk/cache/read-through";
import { type Fate, later, MemoryServer } from "./memory-store";

const name = "views:{a}";
const now = Date.parse("2026-01-02T03:04:05Z");
const commandTimeoutMs = 200;

let failures: Error[] = [];
let warn: jest.SpyInstance;
beforeEach(() => {
  jest.useFakeTimers({ now });
  failures = [];
  warn = jest.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const asNumber = (kept: unknown): number => {
  if (typeof kept !== "number") throw new Error("no number");
  return kept;
};

/** One call of a container; `answer` is what is read. */
function call(
  server: MemoryServer,
  read: () => Promise<number>,
  reading: Partial<Reading<number>> = {},
  patienceMs = 1000,
): Promise<number> {
  const all = { ttlSeconds: 60, parse: asNumber, read, ...reading };
  const patience = { deadline: Date.now() + patienceMs, commandTimeoutMs };
  const failed = (error: Error) => failures.push(error);
  return readThrough(server.store, name, all, patience, { answered: () => {}, failed });
}

/** Lets a clock of its own go on until the work is done. */
async function finish<T>(work: Promise<T>): Promise<T> {
  const settled = Promise.allSettled([work]);
  await jest.runAllTimersAsync();
  await settled;
  return work;
}

const once = (value: number, milliseconds = 0) => {
  const read = jest.fn(async () => {
    await later(milliseconds);
    return value;
  });
  return read;
};

describe("a value that is not there", () => {
  test("is read, kept for at most its time and a tenth less at least, and then served", async () => {
    const server = new MemoryServer();
    const start = Date.now();

    expect(await finish(call(server, once(1)))).toBe(1);

    const { freshUntil } = JSON.parse(server.textOf(name) ?? "");
    expect(freshUntil - start).toBeGreaterThanOrEqual(54_000);
    expect(freshUntil - start).toBeLessThanOrEqual(60_000);
    jest.setSystemTime(freshUntil - 1);
    expect(await finish(call(server, once(2)))).toBe(1);
    jest.setSystemTime(freshUntil);
    expect(await finish(call(server, once(3)))).toBe(3);
  });

  test("is read by one of many, and what the others wait for costs them little", async () => {
    const server = new MemoryServer(() => ({ thereMs: 1, backMs: 1 }));
    const read = once(1, 300);
    const start = Date.now();

    const values = await finish(Promise.all(Array.from({ length: 50 }, () => call(server, read))));

    expect(new Set(values)).toEqual(new Set([1]));
    expect(read).toHaveBeenCalledTimes(1);
    expect(Date.now() - start).toBeLessThan(300 + 150);
  });

  test("is read by each once the patience for who reads it is over, and kept by the one alone", async () => {
    const server = new MemoryServer();
    const first = call(server, once(1, 5000));
    await jest.advanceTimersByTimeAsync(100);
    const start = Date.now();
    let took = 0;

    const second = call(server, once(2)).finally(() => {
      took = Date.now() - start;
    });

    expect(await finish(Promise.all([first, second]))).toEqual([1, 2]);
    expect(took).toBeLessThanOrEqual(1000);
    expect(JSON.parse(server.textOf(name) ?? "")).toMatchObject({ value: 1 });
  });

  test("is read by another once who had the turn is gone", async () => {
    const server = new MemoryServer();
    server.set(`${name}/turn`, "of one that ended", 500);

    expect(await finish(call(server, once(1)))).toBe(1);

    expect(JSON.parse(server.textOf(name) ?? "")).toMatchObject({ value: 1 });
  });

  test("stays so where none can be read: each caller is told, and the turn is free again", async () => {
    const server = new MemoryServer();
    const fail = () => Promise.reject(new Error("no database"));

    await expect(finish(call(server, fail))).rejects.toThrow("no database");

    expect(server.textOf(`${name}/turn`)).toBeUndefined();
    expect(await finish(call(server, once(1)))).toBe(1);
  });

  test.each([
    [undefined, false],
    [null, true],
  ])("%p is an answer; kept: %p", async (value, isKept) => {
    const server = new MemoryServer();
    const any = (kept: unknown) => kept as number;

    await finish(call(server, async () => value as unknown as number, { parse: any }));

    expect(server.textOf(name) !== undefined).toBe(isKept);
    expect(server.textOf(`${name}/turn`)).toBeUndefined();
  });

  test("is not kept where it took longer to read than it may be old", async () => {
    const server = new MemoryServer();

    expect(await finish(call(server, once(1, 3000), { ttlSeconds: 2 }))).toBe(1);

    expect(server.textOf(name)).toBeUndefined();
    expect(server.textOf(`${name}/turn`)).toBeUndefined();
  });
});

describe("a value that is stale", () => {
  const staleSeconds = 30;
  async function withStale(): Promise<MemoryServer> {
    const server = new MemoryServer();
    await finish(call(server, once(1), { staleSeconds }));
    jest.setSystemTime(Date.now() + 61_000);
    return server;
  }

  test("serves all but the one that reads it anew", async () => {
    const server = await withStale();
    const read = once(2, 400);
    const start = Date.now();
    const took: number[] = [];
    const timed = async () => {
      const value = await call(server, read, { staleSeconds });
      took.push(Date.now() - start);
      return value;
    };

    const values = await finish(Promise.all(Array.from({ length: 20 }, timed)));

    expect(read).toHaveBeenCalledTimes(1);
    expect(values.filter((value) => value === 2)).toHaveLength(1);
    expect(values.filter((value) => value === 1)).toHaveLength(19);
    expect(took.filter((milliseconds) => milliseconds > 0)).toEqual([400]);
    expect(await finish(call(server, once(3), { staleSeconds }))).toBe(2);
  });

  test("serves where none can be read, until it is too old", async () => {
    const server = await withStale();
    const fail = () => Promise.reject(new Error("no database"));

    expect(await finish(call(server, fail, { staleSeconds }))).toBe(1);

    jest.setSystemTime(Date.now() + staleSeconds * 1000);
    await expect(finish(call(server, fail, { staleSeconds }))).rejects.toThrow("no database");
  });

  test("that became too old while none could be read is no answer", async () => {
    const server = await withStale();
    const fail = async () => {
      await later(staleSeconds * 1000);
      throw new Error("no database");
    };

    await expect(finish(call(server, fail, { staleSeconds }))).rejects.toThrow("no database");
  });

  test("is nothing to a caller that takes no stale ones", async () => {
    const server = await withStale();

    expect(await finish(call(server, once(2)))).toBe(2);
  });

  test("so is one that is fresh for longer than the caller says", async () => {
    const server = new MemoryServer();
    await finish(call(server, once(1), { ttlSeconds: 3600 }));

    expect(await finish(call(server, once(2)))).toBe(2);
  });
});

describe("what is no value", () => {
  test.each([
    ["no JSON", "<html>"],
    ["empty", ""],
    ["no envelope", "7"],
    ["of another version", '{"version":0,"freshUntil":9e15,"value":7}'],
    ["not what `parse` takes", seal({ value: "seven", freshUntil: now + 30_000 }) ?? ""],
  ])("%s: is read anew, kept, and logged once", async (_, text) => {
    const server = new MemoryServer(() => ({ thereMs: 1, backMs: 1 }));
    server.set(name, text);
    const read = once(1, 50);

    expect(await finish(Promise.all(Array.from({ length: 10 }, () => call(server, read))))).toEqual(
      Array(10).fill(1),
    );

    expect(read).toHaveBeenCalledTimes(1);
    expect(JSON.parse(server.textOf(name) ?? "")).toMatchObject({ value: 1 });
    expect(warn).toHaveBeenCalledTimes(1);
  });
});

test.each([0, 1, 2])("a store that fails at command %i is told of, and the answer is read", async (bad) => {
  let commands = 0;
  const server = new MemoryServer(() => ({ thereMs: 0, backMs: 0, isLost: commands++ === bad }));
  const read = once(1);

  expect(await finish(call(server, read))).toBe(1);

  expect(read).toHaveBeenCalledTimes(1);
  expect(failures).toEqual([new Error("the reply was lost")]);
});

describe("whatever containers do at the same time", () => {
  interface Step {
    readonly atMs: number;
    readonly does: "call" | "change";
    readonly readMs: number;
    readonly fails: boolean;
  }
  const step: fc.Arbitrary<Step> = fc.record({
    atMs: fc.integer({ min: 0, max: 12_000 }),
    does: fc.constantFrom("call" as const, "call" as const, "call" as const, "change" as const),
    readMs: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3000 })),
    fails: fc.boolean(),
  });
  const fate = fc.record({
    thereMs: fc.integer({ min: 0, max: 30 }),
    backMs: fc.integer({ min: 0, max: 30 }),
  });
  const lossy = fc.record({
    thereMs: fc.integer({ min: 0, max: 30 }),
    backMs: fc.integer({ min: 0, max: 30 }),
    isLost: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  });
  const ttlSeconds = 2;
  const staleSeconds = 1;
  const patienceMs = 1000;

  interface Call {
    readonly startedAt: number;
    readonly endedAt: number;
    readonly reads: number;
    readonly readFailed: boolean;
    readonly outcome: PromiseSettledResult<number>;
  }

  /** Runs the steps against a source whose value is the count of its changes; each change is told to the cache. */
  async function run(steps: readonly Step[], fates: readonly Fate[]) {
    let next = 0;
    const server = new MemoryServer(() => fates[next++ % fates.length] as Fate);
    const changedAt = [Date.now()];
    const toldAt = [Date.now()];
    let reading = 0;
    let atOnce = 0;
    const calls: Call[] = [];
    const does = {
      change: async () => {
        const version = changedAt.push(Date.now()) - 1;
        await server.store.drop(name).then(
          () => {
            toldAt[version] = Date.now();
          },
          () => {},
        );
      },
      call: async ({ readMs, fails }: Step) => {
        const startedAt = Date.now();
        let reads = 0;
        const read = async () => {
          reads += 1;
          reading += 1;
          atOnce = Math.max(atOnce, reading);
          const version = changedAt.length - 1;
          await later(readMs);
          reading -= 1;
          if (fails) throw new Error("no database");
          return version;
        };
        const made = call(server, read, { ttlSeconds, staleSeconds, readSeconds: 10 }, patienceMs);
        const [outcome] = await Promise.allSettled([made]);
        calls.push({ startedAt, endedAt: Date.now(), reads, readFailed: reads > 0 && fails, outcome });
      },
    };
    const all = Promise.all(
      steps.map(async (each) => {
        await later(each.atMs);
        await does[each.does](each);
      }),
    );
    await jest.runAllTimersAsync();
    await all;
    return { calls, changedAt, toldAt, atOnce };
  }

  /** When a version stopped to be what the source says. */
  const overAt = (changedAt: readonly number[], version: number) =>
    changedAt[version + 1] ?? Number.POSITIVE_INFINITY;

  test.each([
    ["answers", fate],
    ["fails at times", lossy],
  ])("and the store %s: each has an answer that is not too old, by one read at most", async (_, anyFate) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.array(anyFate, { minLength: 1, maxLength: 40 }),
        async (steps, fates) => {
          const { calls, changedAt } = await run(steps, fates);

          for (const { startedAt, reads, readFailed, outcome } of calls) {
            expect(reads).toBeLessThanOrEqual(1);
            if (outcome.status === "rejected") {
              expect(readFailed).toBe(true);
            } else {
              const oldest = startedAt - (ttlSeconds + staleSeconds) * 1000;
              expect(overAt(changedAt, outcome.value)).toBeGreaterThan(oldest);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test("after a change that the cache was told of, nobody is answered what was before", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.array(fate, { minLength: 1, maxLength: 40 }),
        async (steps, fates) => {
          const { calls, toldAt } = await run(steps, fates);

          for (const { startedAt, outcome } of calls) {
            const known = toldAt.findLastIndex((time) => time <= startedAt);
            if (outcome.status === "fulfilled") expect(outcome.value).toBeGreaterThanOrEqual(known);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test("where reads are quick and nothing changes, no two read at once", async () => {
    const quick = step.map(
      (each): Step => ({ ...each, does: "call", readMs: each.readMs % 400, fails: false }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(quick, { minLength: 1, maxLength: 40 }),
        fc.array(fate, { minLength: 1, maxLength: 40 }),
        async (steps, fates) => {
          expect((await run(steps, fates)).atOnce).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 100 },
    );
  });
});
