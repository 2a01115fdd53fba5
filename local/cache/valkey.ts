import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "iovalkey";
import { freePort } from "../free-port";
import { type KeptProcess, startKept } from "../kept-process";
import { tryLock } from "../lock";
import type { CacheEndpoint } from "./place";
import type { CacheUser } from "./users";
import { RESTRICTED, serverArguments, serverBeside } from "./valkey-command";

const POLL_MS = 20;
const READY_MS = 15_000;
/** A Valkey server ended, or did not answer, before it was ready. */
export class ValkeyFailed extends Error {
  constructor(cache: string, why: string, log: string) {
    super(`The server of the cache ${cache} did not start: ${why}. See ${log}.`);
    this.name = "ValkeyFailed";
  }
}

/** Valkey does not take the access string of a user. */
export class InvalidAccessString extends Error {
  constructor({ id, accessString }: CacheUser, why: string) {
    super(`The access string "${accessString}" of the cache's user ${id} is refused: ${why}. Correct it.`);
    this.name = "InvalidAccessString";
  }
}

export interface ValkeyOptions {
  /** Name of the cache. */
  readonly cache: string;
  /** Python executable of the environment that has the server's package. */
  readonly python: string;
  /** Gets the server's log. */
  readonly logFile: string;
  /** What the server tells clients of clusters to be its own address. */
  readonly announced: CacheEndpoint;
}

/**
 * The Valkey server of one cache, alone in a cluster as a serverless cache shows itself. It listens on a socket of the
 * file system that only this user can open, and ends at the latest when this process does, even by SIGKILL.
 */
export class Valkey {
  /** What the server knows its users by; nobody else is told. */
  readonly password = randomUUID();
  /** Name of a user → its access string. */
  readonly #users = new Map<string, string>();

  private constructor(
    private readonly socketFile: string,
    private readonly administrator: Redis,
    private readonly kept: KeptProcess,
  ) {
    void kept.ended.then(() => administrator.disconnect());
  }

  /** Resolves when nothing is left of it, with how it ended. */
  get ended(): Promise<string> {
    return this.kept.ended;
  }

  /** @throws ValkeyMissing, ValkeyFailed */
  static async start({ cache, python, logFile, announced }: ValkeyOptions): Promise<Valkey> {
    const command = await serverBeside(python);
    // Not in the state folder: the path of a socket has at most 104 bytes.
    const folder = await mkdtemp(path.join(os.tmpdir(), "gallery-cache-"));
    const [administrator, password] = [randomUUID(), randomUUID()];
    const socketFile = path.join(folder, "socket");
    const users = `user default off resetpass -@all\nuser ${administrator} on ${hashed(password)} ~* &* +@all\n`;
    await writeFile(path.join(folder, "users"), users, { mode: 0o600 });
    const { lock } = tryLock(path.join(folder, "lock"));
    if (lock === undefined) throw new ValkeyFailed(cache, `${folder} is in use`, logFile);
    const args = serverArguments(announced, await freePort());
    const order = { command, args, cwd: folder, env: {}, log: logFile, graceMs: 0, remove: [folder] };
    let kept: KeptProcess;
    try {
      kept = await startKept(order, lock);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw new ValkeyFailed(cache, error instanceof Error ? error.message : String(error), logFile);
    }
    void kept.ended.then(() => lock.release());
    const client = new Redis({
      path: socketFile,
      username: administrator,
      password,
      retryStrategy: () => POLL_MS,
      disconnectTimeout: POLL_MS,
      maxRetriesPerRequest: null,
    });
    client.on("error", () => {});
    const failure = await Promise.race([
      isReady(client).then(
        () => undefined,
        (error) => String(error),
      ),
      kept.ended,
      delay(READY_MS, `it did not answer in ${READY_MS / 1000} seconds`, { ref: false }),
    ]);
    if (failure === undefined) return new Valkey(socketFile, client, kept);
    client.disconnect();
    await kept.end();
    throw new ValkeyFailed(cache, failure, logFile);
  }

  /**
   * Makes these the only users; connections of others end. Users that stay the same are not touched.
   * @throws InvalidAccessString; the users before it have been taken up.
   */
  async setUsers(users: readonly CacheUser[]): Promise<void> {
    const isWanted = (name: string) => users.some((user) => user.name === name);
    for (const name of [...this.#users.keys()].filter((name) => !isWanted(name))) {
      // The one that every server has cannot be deleted.
      const removal = name === "default" ? ["SETUSER", name, "reset"] : ["DELUSER", name];
      await this.administrator.call("ACL", ...removal);
      this.#users.delete(name);
    }
    for (const user of users.filter(({ name, accessString }) => this.#users.get(name) !== accessString)) {
      const rules = `${user.accessString} ${RESTRICTED}`.split(/\s+/).filter(Boolean);
      try {
        await this.administrator.call("ACL", "SETUSER", user.name, "reset", hashed(this.password), ...rules);
      } catch (error) {
        throw new InvalidAccessString(user, error instanceof Error ? error.message : String(error));
      }
      this.#users.set(user.name, user.accessString);
    }
  }

  /** A connection that has not logged in. */
  connect(): net.Socket {
    return net.connect(this.socketFile);
  }

  async stop(): Promise<void> {
    await this.kept.end();
  }
}

/** As an access string names a password. */
function hashed(password: string): string {
  return `#${createHash("sha256").update(password).digest("hex")}`;
}

/** Resolves when the server has all slots of its cluster, which it takes two seconds to believe. */
async function isReady(client: Redis): Promise<void> {
  await client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
  while (!/cluster_state:ok/.test(String(await client.call("CLUSTER", "INFO")))) await delay(POLL_MS);
}
