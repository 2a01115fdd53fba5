import * as fc from "fast-check";
import type { CacheClient } from "../../../../components/sdk/cache";
import { restMs } from "../../../../components/sdk/cache/breaker";
import { type BoundCacheOptions, boundCache } from "./bound-cache";
import { later } from "./memory-store";
import { type Behaviour, scripted, type TlsServer, tlsServer } from "./server";

/** Replies of a server that works, of which each test says what it does otherwise. */
function working(): { readonly texts: Map<string, string>; readonly behave: Behaviour } {
  const texts = new Map<string, string>();
  const bulk = (text: string | undefined) =>
    text === undefined ? "$-1\r\n" : `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
  const behave: Behaviour = ([command = "", key = "", ...rest]) => {
    switch (command.toUpperCase()) {
      case "GET":
        return bulk(texts.get(key));
      case "SET": {
        const holder = texts.get(key);
        if (holder === undefined) texts.set(key, rest[0] ?? "");
        return bulk(holder);
      }
      case "EVAL": {
        const [count, ...others] = rest;
        if (count === "2") texts.set(others[0] ?? "", others[3] ?? "");
        texts.delete(others[count === "2" ? 1 : 0] ?? "");
        return ":1\r\n";
      }
      case "DEL":
        for (const each of [key, ...rest]) texts.delete(each);
        return ":2\r\n";
      default:
        return "+OK\r\n";
    }
  };
  return { texts, behave };
}

let server: TlsServer;
let behave: Behaviour;
let texts: Map<string, string>;
let commands: string[][];
let logged: unknown[][];
/** What was logged of the test's own cache, as texts. */
const log = () =>
  logged.map((words) => JSON.stringify(words)).filter((text) => text.includes(`"views-${count}"`));
beforeAll(async () => {
  server = await tlsServer(
    scripted((command) => {
      commands.push([...command]);
      return behave(command);
    }),
  );
  server.trust();
  for (const level of ["info", "warn", "error"] as const) {
    jest.spyOn(console, level).mockImplementation((...words) => logged.push(words));
  }
});
afterAll(async () => {
  await server.close();
  jest.restoreAllMocks();
});

let clock: jest.SpyInstance | undefined;
const setClock = (now: number) => {
  clock ??= jest.spyOn(Date, "now");
  clock.mockImplementation(() => now);
};
beforeEach(() => {
  ({ behave, texts } = working());
  commands = [];
  logged = [];
});
afterEach(async () => {
  clock?.mockRestore();
  clock = undefined;
  for (const name of variables) delete process.env[name];
  // What a test's caches still send is not for the next one.
  await server.disconnect();
});

// What a container knows of a cache stays in its modules: each test has a cache of its own.
let count = 0;
let variables: string[] = [];
function fresh(options: Partial<BoundCacheOptions> = {}): CacheClient {
  count += 1;
  const { client, environment } = boundCache({ port: server.port, cacheName: `views-${count}`, ...options });
  Object.assign(process.env, environment);
  variables = [...variables, ...Object.keys(environment)];
  return client;
}

const parse = (kept: unknown): number => {
  if (typeof kept !== "number") throw new Error("no number");
  return kept;
};
const times = { ttlSeconds: 60, parse };
const eventually = async (holds: () => boolean) => {
  while (!holds()) await later(5);
};

/** What a call answers, and how many milliseconds it took. */
async function timed<T>(call: () => Promise<T>): Promise<{ readonly value: T; readonly took: number }> {
  const start = performance.now();
  const value = await call();
  return { value, took: performance.now() - start };
}

describe("a cache that works", () => {
  test("is logged in to with a token, once for a container, and keeps what was read", async () => {
    const cache = fresh();
    const before = server.connections;

    expect(await cache.ReadThrough({ ...times, key: "a", read: async () => 1 })).toBe(1);
    await eventually(() => texts.has("views:{a}"));
    expect(await cache.ReadThrough({ ...times, key: "a", read: async () => 2 })).toBe(1);

    expect(server.connections - before).toBe(1);
    const [login, ...others] = commands;
    expect(login?.slice(0, 2)).toEqual(["auth", "gallery-test-views"]);
    expect(login?.[2]).toMatch(new RegExp(`^views-${count}/\\?.*&X-Amz-Signature=[\\da-f]{64}$`));
    expect(others.map(([name]) => name)).toEqual(["get", "set", "get", "eval", "get"]);
  });

  test("is asked once for what a container is asked many times at once, who share what comes of it", async () => {
    const cache = fresh();
    const read = jest.fn(async () => {
      await later(20);
      throw new Error("no database");
    });

    const all = await Promise.allSettled(
      Array.from({ length: 20 }, () => cache.ReadThrough({ ...times, key: "a", read })),
    );

    expect(read).toHaveBeenCalledTimes(1);
    expect(all).toEqual(Array(20).fill({ status: "rejected", reason: new Error("no database") }));
  });

  test("forgets what it is told to, and nobody waits for what was being read", async () => {
    const cache = fresh();
    let answer = (_: number) => {};
    const slow = new Promise<number>((resolve) => {
      answer = resolve;
    });
    const first = cache.ReadThrough({ ...times, key: "a", read: () => slow });
    await eventually(() => texts.has("views:{a}/turn"));

    expect(await cache.Forget({ key: "a" })).toBe(true);
    expect(await cache.ReadThrough({ ...times, key: "a", read: async () => 2 })).toBe(2);
    answer(1);

    expect(await first).toBe(1);
  });

  test("keeps a value behind the caller's back", async () => {
    const cache = fresh();
    behave = (command) => (command[0] === "eval" ? undefined : working().behave(command));

    const { took } = await timed(() => cache.ReadThrough({ ...times, key: "a", read: async () => 1 }));

    expect(took).toBeLessThan(200);
  });

  test("that does not take a value is no failure, but is told of", async () => {
    const cache = fresh();
    behave = (command) =>
      command[0] === "eval" ? "-NOPERM this user has no permissions\r\n" : working().behave(command);

    expect(await cache.ReadThrough({ ...times, key: "a", read: async () => 1 })).toBe(1);

    await eventually(() => log().length > 0);
    expect(log()).toEqual([expect.stringMatching(/^\["the cache did not take a command".*NOPERM/)]);
  });
});

describe("a connection", () => {
  test.each([
    ["that was closed while the container slept", () => void server.disconnect()],
    [
      "that is closed at the next command",
      () => {
        const { behave: other } = working();
        let isFirst = true;
        behave = (command) => {
          const isEnd = isFirst;
          isFirst = false;
          return isEnd ? "end" : other(command);
        };
      },
    ],
    [
      "that says nothing any more",
      () => {
        const { behave: other } = working();
        let isFirst = true;
        behave = (command) => {
          const isMute = isFirst;
          isFirst = false;
          return isMute ? undefined : other(command);
        };
      },
    ],
  ])("%s is replaced within the call, by one with a token of its own", async (_, end) => {
    const cache = fresh({ commandTimeoutMs: 100 });
    await cache.ReadThrough({ ...times, key: "a", read: async () => 1 });
    await eventually(() => commands.length === 5);
    const before = server.connections;
    commands = [];

    end();
    const { took } = await timed(() => cache.ReadThrough({ ...times, key: "b", read: async () => 2 }));

    expect(took).toBeLessThan(600);
    expect(server.connections - before).toBe(1);
    expect(commands.filter(([name]) => name === "auth")).toHaveLength(1);
    expect(log()).toEqual([]);
    await eventually(() => commands.some(([name]) => name === "eval"));
  });

  test("that was quiet for longer than a function's network remembers it is not used again", async () => {
    const cache = fresh();
    await cache.ReadThrough({ ...times, key: "a", read: async () => 1 });
    const before = server.connections;
    const now = Date.now();

    setClock(now + 301_000);
    await cache.ReadThrough({ ...times, key: "b", read: async () => 2 });

    expect(server.connections - before).toBe(1);
    expect(log()).toEqual([]);
  });
});

describe("a cache that does not work", () => {
  const oom = "-OOM command not allowed when used memory > 'maxmemory'\r\n";
  const bad: [string, Behaviour][] = [
    ["says nothing", () => undefined],
    ["says nothing once it is connected", ([name]) => (name === "auth" ? "+OK\r\n" : undefined)],
    ["answers half", ([name]) => (name === "auth" ? "+OK\r\n" : "$100\r\nhalf")],
    ["ends each connection", () => "end"],
    ["ends each connection once it is connected", ([name]) => (name === "auth" ? "+OK\r\n" : "end")],
    ["speaks another protocol", () => "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["speaks another protocol later", ([name]) => (name === "auth" ? "+OK\r\n" : "HTTP/1.1 400\r\n\r\n")],
    ["refuses the token", () => "-WRONGPASS invalid username-password pair or user is disabled.\r\n"],
    ["refuses commands", ([name]) => (name === "auth" ? "+OK\r\n" : "-NOPERM no permissions\r\n")],
    ["is full", ([name]) => (name === "set" ? oom : "$-1\r\n")],
    ["is loading", ([name]) => (name === "auth" ? "+OK\r\n" : "-LOADING Valkey is loading the dataset\r\n")],
  ];

  test.each(bad)("because it %s: each answer is right, and the second is not late", async (_, behaviour) => {
    const cache = fresh({ connectTimeoutMs: 150, commandTimeoutMs: 60, patienceMs: 400 });
    behave = behaviour;
    const read = jest.fn(async () => 7);

    const first = await timed(() => cache.ReadThrough({ ...times, key: "a", read }));
    const rest = await timed(async () => {
      const values: number[] = [];
      for (let i = 0; i < 20; i += 1) values.push(await cache.ReadThrough({ ...times, key: `${i}`, read }));
      return values;
    });

    expect(commands).not.toEqual([]);
    expect([first.value, ...rest.value]).toEqual(Array(21).fill(7));
    expect(read).toHaveBeenCalledTimes(21);
    expect(first.took).toBeLessThan(400 + 150);
    expect(rest.took).toBeLessThan(100);
    expect(log()).toEqual([expect.stringMatching(/^\["the cache cannot be used for now"/)]);
    // A token in a log lets who reads it log in.
    expect(log()[0]).not.toMatch(/X-Amz|Signature/);
  });

  test("because nothing listens there: at once", async () => {
    const cache = fresh({ port: 1 });

    const { value, took } = await timed(() => cache.ReadThrough({ ...times, key: "a", read: async () => 7 }));

    expect(value).toBe(7);
    expect(took).toBeLessThan(300);
    expect(log()[0]).toContain("ECONNREFUSED");
  });

  test("because it answers more than it is asked: nothing is thrown where nobody could catch it", async () => {
    const cache = fresh();
    behave = ([name]) => (name === "auth" ? "+OK\r\n" : "$-1\r\n$-1\r\n$-1\r\n");
    const read = jest.fn(async () => 7);

    expect(await cache.ReadThrough({ ...times, key: "a", read })).toBe(7);

    expect(read).toHaveBeenCalledTimes(1);
  });

  test("answers whatever its replies are, and `read` is called once", async () => {
    const reply = fc.oneof(
      fc.constantFrom(
        "$-1\r\n",
        "+OK\r\n",
        ":7\r\n",
        "*1\r\n$-1\r\n",
        "-WRONGTYPE no text\r\n",
        "-ERR no\r\n",
      ),
      fc.constantFrom("$1\r\n7\r\n", "$2\r\n{}\r\n", "%1\r\n+a\r\n+b\r\n", "$-1\r\n$-1\r\n", "end"),
      fc.string({ unit: "binary", maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(reply, { minLength: 1, maxLength: 6 }), async (replies) => {
        const cache = fresh({ connectTimeoutMs: 60, commandTimeoutMs: 20, patienceMs: 100 });
        let next = 0;
        behave = () => replies[next++ % replies.length];
        const read = jest.fn(async () => 7);

        const { value, took } = await timed(() => cache.ReadThrough({ ...times, key: "a", read }));

        expect(value).toBe(7);
        expect(read).toHaveBeenCalledTimes(1);
        expect(took).toBeLessThan(400);
      }),
      { numRuns: 60 },
    );
  });

  test("is tried again after some seconds by one call, and used by all once that was answered", async () => {
    const cache = fresh();
    const { behave: good } = working();
    behave = () => "end";
    const start = Date.now();
    await cache.ReadThrough({ ...times, key: "a", read: async () => 1 });
    behave = good;
    commands = [];

    setClock(start + restMs - 100);
    await cache.ReadThrough({ ...times, key: "a", read: async () => 1 });
    expect(commands).toEqual([]);

    setClock(start + 2 * restMs);
    await cache.ReadThrough({ ...times, key: "a", read: async () => 1 });
    await cache.ReadThrough({ ...times, key: "b", read: async () => 1 });
    const expected = "auth get set get eval get set get eval".split(" ");
    await eventually(() => commands.length === expected.length);
    expect(commands.map(([name]) => name)).toEqual(expected);
    expect(log()).toEqual([
      expect.stringContaining("the cache cannot be used for now"),
      expect.stringContaining("the cache can be used again"),
    ]);
  });

  test("cannot be told to forget, which is answered", async () => {
    const cache = fresh();
    behave = () => "end";

    expect(await cache.Forget({ key: "a" })).toBe(false);
    expect(await cache.Forget({ key: "a" })).toBe(false);
  });
});

test.each([
  [{ key: "", ttlSeconds: 1 }, "InvalidKey"],
  [{ key: "a", ttlSeconds: 0 }, "InvalidSeconds"],
  [{ key: "a", ttlSeconds: Number.NaN }, "InvalidSeconds"],
  [{ key: "a", ttlSeconds: 1, staleSeconds: -1 }, "InvalidSeconds"],
  [{ key: "a", ttlSeconds: 1, readSeconds: 0 }, "InvalidSeconds"],
])("%j is an error named %s, before anything is asked or read", async (input, name) => {
  const read = jest.fn(async () => 1);

  await expect(fresh().ReadThrough({ ...input, read, parse })).rejects.toMatchObject({ name });

  expect(read).not.toHaveBeenCalled();
  expect(commands).toEqual([]);
});
