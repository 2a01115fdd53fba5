import { accessString } from "../../../../components/cache";
import type { CacheClient } from "../../../../components/sdk/cache";
import { storeOf } from "../../../../components/sdk/cache/store";
import { boundCache } from "./bound-cache";
import { later } from "./memory-store";
import { forwarded, type TlsServer, tlsServer } from "./server";
import { ValkeyProcess } from "./valkey";

const name = "views:{a}";
const cacheNames = ["views-one", "views-two", "views-three", "views-four"];

let valkey: ValkeyProcess;
let server: TlsServer;
let containers: readonly CacheClient[];
let warn: jest.SpyInstance;
const before = { ...process.env };
beforeAll(async () => {
  valkey = await ValkeyProcess.start("gallery-test-views", accessString("views"));
  server = await tlsServer(forwarded(valkey.socket));
  server.trust();
  containers = cacheNames.map((cacheName) => {
    const { client, environment } = boundCache({ port: server.port, cacheName, patienceMs: 5000 });
    Object.assign(process.env, environment);
    return client;
  });
  warn = jest.spyOn(console, "warn").mockImplementation(() => {});
});
afterAll(async () => {
  jest.restoreAllMocks();
  process.env = before;
  await server.close();
  await valkey.stop();
});
beforeEach(async () => {
  warn.mockClear();
  await valkey.administrator.flushall();
});

const parse = (kept: unknown): number => {
  if (typeof kept !== "number") throw new Error("no number");
  return kept;
};
const times = { key: "a", ttlSeconds: 60, parse };
const kept = async (): Promise<{ value?: unknown }> =>
  JSON.parse((await valkey.administrator.get(name).catch(() => null)) ?? "{}");
const eventually = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await later(10);
};
const first = () => containers[0] as CacheClient;

/** 200 callers in four containers at once; answers what they were answered. */
const stampede = (read: () => Promise<number>, options: { staleSeconds?: number } = {}) =>
  Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      (containers[i % 4] as CacheClient).ReadThrough({ ...times, ...options, read }),
    ),
  );

const slow = (value: number) =>
  jest.fn(async () => {
    await later(300);
    return value;
  });

test("of 200 callers in four containers, one reads", async () => {
  const read = slow(1);

  const values = await stampede(read);

  expect(values).toEqual(Array(200).fill(1));
  expect(read).toHaveBeenCalledTimes(1);
  expect(warn).not.toHaveBeenCalled();
});

test("of 200 callers who find a stale value, one reads, and those in other containers have it at once", async () => {
  await first().ReadThrough({ ...times, ttlSeconds: 0.2, staleSeconds: 60, read: async () => 1 });
  await eventually(async () => (await kept()).value === 1);
  await later(250);
  const read = slow(2);

  const values = await stampede(read, { staleSeconds: 60 });

  expect(read).toHaveBeenCalledTimes(1);
  expect(values.filter((value) => value === 1)).toHaveLength(150);
  expect(values.filter((value) => value === 2)).toHaveLength(50);
  await eventually(async () => (await kept()).value === 2);
});

test("what is kept expires by itself, and so does the turn", async () => {
  await first().ReadThrough({ ...times, staleSeconds: 30, read: async () => 1 });
  await eventually(async () => (await kept()).value === 1);

  const milliseconds = await valkey.administrator.pttl(name);
  expect(milliseconds).toBeGreaterThan(80_000);
  expect(milliseconds).toBeLessThanOrEqual(90_000);
  expect(await valkey.administrator.keys("*")).toEqual([name]);
});

test("what is being read while it is forgotten is not kept", async () => {
  const read = async () => {
    await containers[1]?.Forget({ key: "a" });
    return 1;
  };

  expect(await first().ReadThrough({ ...times, read })).toBe(1);

  // Commands of one connection are done in turn.
  await first().Forget({ key: "b" });
  expect(await valkey.administrator.keys("*")).toEqual([]);
});

test.each([
  ["a list", () => valkey.administrator.rpush(name, "1")],
  ["no envelope", () => valkey.administrator.set(name, '"seven"')],
  ["another shape", () => valkey.administrator.set(name, '{"version":1,"freshUntil":9e12,"value":"seven"}')],
])("%s under the key is replaced by what is read", async (_, spoil) => {
  await spoil();

  expect(await first().ReadThrough({ ...times, read: async () => 1 })).toBe(1);

  await eventually(async () => (await kept()).value === 1);
});

test("the turn is given back by who has it alone", async () => {
  const { environment } = boundCache({ port: server.port, cacheName: "views-one" });
  const store = storeOf(
    {
      address: "localhost",
      port: environment.VIEWSONE_PORT ?? "",
      cacheName: "views-one",
      userId: "gallery-test-views",
      connectTimeoutMs: "500",
      commandTimeoutMs: "200",
    },
    Date.now() + 5000,
  );

  expect(await store.take(name, "one", 60_000)).toBe(true);
  expect(await store.take(name, "one", 60_000)).toBe(true);
  expect(await store.take(name, "other", 60_000)).toBe(false);
  store.leave(name, "other");
  store.keep(name, "other", "text", 60_000);
  expect(await store.get(name)).toBeUndefined();
  expect(await store.take(name, "other", 60_000)).toBe(false);
  store.keep(name, "one", "text", 60_000);
  expect(await store.get(name)).toBe("text");
  expect(await store.take(name, "other", 60_000)).toBe(true);
});

test("the cache's user may do no more than the store does, and with its own keys alone", async () => {
  const may = async (...command: string[]) =>
    String(await valkey.administrator.call("ACL", "DRYRUN", "gallery-test-views", ...command));

  expect(await may("GET", "views:{a}")).toBe("OK");
  expect(await may("EVAL", "return 1", "1", "views:{a}/turn")).toBe("OK");
  expect(await may("GET", "other:{a}")).toMatch(/no permissions to access/);
  expect(await may("FLUSHALL")).toMatch(/no permissions to run/);
  expect(await may("KEYS", "*")).toMatch(/no permissions to run/);
  expect(await may("CONFIG", "GET", "*")).toMatch(/no permissions to run/);
});
