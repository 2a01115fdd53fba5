import { setTimeout as delay } from "node:timers/promises";
import { Pool, type PoolClient } from "pg";
import { Failure } from "./failure";
import type { Value } from "./parameter";
import type { Server } from "./server";
import { type Result, Statement } from "./statement";

/** How long a call of the Data API may take: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html */
export const defaultCallMs = 45_000;

/** How long sessions get to end by themselves. */
const graceMs = 2000;

/** What is worked at, unless it takes longer: then it goes on unheard. */
async function inTime<T>(work: Promise<T>, ms: number, why: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      work.catch(() => {});
      reject(new Failure("StatementTimeoutException", `Request timed out: ${why}`));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The sessions of one server. Who finds none free waits for one. */
export class Sessions {
  readonly #pool: Pool;
  /** Those that have begun. */
  readonly #ready = new WeakSet<PoolClient>();
  readonly #resets = new Set<Promise<void>>();
  readonly #clients = new Set<PoolClient>();

  /** @param callMs how long a call may take. */
  constructor(
    private readonly server: Server,
    private readonly callMs = defaultCallMs,
  ) {
    this.#pool = new Pool({
      ...server.connection(),
      max: server.sessions,
      idleTimeoutMillis: 0,
      allowExitOnIdle: true,
    });
    // What breaks an idle session is of no interest: the next call begins another or hears why it cannot.
    this.#pool.on("error", () => {});
    this.#pool.on("connect", (client) => this.#clients.add(client));
    this.#pool.on("remove", (client) => this.#clients.delete(client));
  }

  /**
   * A session of the caller's own, until it is released.
   * @throws Failure when none gets free in time.
   */
  async take(): Promise<Session> {
    const taking = this.#pool.connect();
    const why = "transactions or long statements have all sessions of the database, or it is only starting.";
    const client = await inTime(taking, this.callMs, why).catch((error: unknown) => {
      // Whenever it comes after all.
      taking.then(
        (late) => late.release(),
        () => {},
      );
      throw error;
    });
    try {
      if (!this.#ready.has(client)) {
        // A session that breaks tells so whoever uses it.
        client.on("error", () => {});
        await run(client, [...this.server.setUp, ...this.server.prelude]);
        this.#ready.add(client);
      }
    } catch (error) {
      client.release(true);
      throw error;
    }
    return new Session(client, this.callMs, () => this.#release(client));
  }

  /** Ends the sessions, all of which are released by now, and the server; what is still running is given up. */
  async stop(): Promise<void> {
    const late = new AbortController();
    await Promise.race([
      Promise.allSettled([this.#pool.end(), ...this.#resets]),
      delay(graceMs, undefined, { signal: late.signal }).catch(() => {}),
    ]);
    late.abort();
    for (const { connection } of this.#clients) {
      connection.stream.destroy();
    }
    await this.server.stop();
  }

  /** Makes a session as new: no two calls of the Data API share one. Nobody waits for that but the next. */
  #release(client: PoolClient): void {
    const reset = this.#reset(client).then(
      () => client.release(),
      () => client.release(true),
    );
    this.#resets.add(reset);
    void reset.finally(() => this.#resets.delete(reset));
  }

  async #reset(client: PoolClient): Promise<void> {
    // What was sent before may still be under way, and decides what there is to roll back.
    await client.query("SELECT 1").catch(() => {});
    if (client.getTransactionStatus() !== "I") {
      await client.query("ROLLBACK");
    }
    await run(client, ["DISCARD ALL", ...this.server.prelude]);
  }
}

async function run(client: PoolClient, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await client.query(statement);
  }
}

/** A session of a server, of one caller. */
export class Session {
  /** A statement that nobody waits for any more may still be under way. */
  isBusy = false;

  constructor(
    private readonly client: PoolClient,
    private readonly callMs: number,
    readonly release: () => void,
  ) {}

  /**
   * Runs a statement of a program with each of the sets of values.
   * @throws Failure when it takes longer than a call may; it goes on where the server cannot be told to end it.
   */
  run(text: string, sets: readonly (readonly Value[])[]): Promise<Result> {
    return this.#submit(new Statement(text, sets));
  }

  /** Runs a statement of the local cloud's own, which has no parameters but one list of numbers. */
  async ask(text: string, numbers: readonly number[]): Promise<readonly (readonly (string | null)[])[]> {
    const { rows } = await this.#submit(
      new Statement(text, [[{ type: 0, content: `{${numbers.join()}}` }]], false),
    );
    return rows;
  }

  async #submit(statement: Statement): Promise<Result> {
    this.isBusy = true;
    this.client.query(statement);
    const over = statement.result.finally(() => {
      this.isBusy = false;
    });
    return inTime(over, this.callMs, "the statement is still running.");
  }
}
