import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Resource } from "../engine/resource";
import type { Interceptor } from "../front-door/interceptor";
import { pythonEnvironment } from "../python-environment";
import { localCertificate } from "./certificate";
import type { Mode, Opened } from "./connection";
import type { Login } from "./handshake";
import { Listener } from "./listener";
import { ModeAddress, type Moded } from "./mode-address";
import type { CacheEndpoint } from "./place";
import { mayConnect, readToken } from "./token";
import { type CacheUser, deployedCaches } from "./users";
import { Valkey } from "./valkey";

export { withCaches } from "./place";

/** When ElastiCache ends a connection that IAM has authenticated ("Authenticating with IAM": 12 hours). */
const LONGEST_CONNECTION_MS = 12 * 3600 * 1000;

export interface CacheServerOptions {
  /** Folder that gets the authority's certificate and the servers' logs. */
  readonly stateDir: string;
  /** Gets a line for whoever waits. */
  readonly progress: (message: string) => void;
  /** @default 12 hours */
  readonly longestConnectionMs?: number;
  /**
   * Folder of the Python environments.
   * @default `.local` of this repository, whatever the `stateDir`
   */
  readonly environments?: string;
}

/** A cache that is deployed, or about to be. */
interface Cache {
  /** Name → user. */
  users: ReadonlyMap<string, CacheUser>;
  /** The server has ended by itself, or has not started. */
  isBroken: boolean;
  readonly server: Promise<Valkey>;
}

/**
 * What ElastiCache Serverless is here: one endpoint for all caches, by TLS, and behind it a real Valkey server for each,
 * whose users are those of the cache's user group. A client is connected once it has logged in: with an IAM token, which
 * also names the cache, or with the password of a user that only one cache has.
 */
export class CacheServer implements Moded {
  /** For the front door. */
  readonly interceptors: readonly Interceptor[] = [new ModeAddress(this)];
  /** File with the certificate of the authority that clients are to trust, made anew by each `start`. */
  readonly authorityFile: string;
  #caches: ReadonlyMap<string, Cache> = new Map();
  #listener: Listener | undefined;
  #frontDoor = "";

  constructor(private readonly options: CacheServerOptions) {
    this.authorityFile = path.resolve(options.stateDir, "cache-authority.pem");
  }

  /**
   * Opens the endpoint, where nothing runs until a cache is deployed.
   * @param frontDoor address at which tokens are verified.
   */
  async start(frontDoor: string): Promise<CacheEndpoint> {
    this.#frontDoor = frontDoor;
    const certificate = await localCertificate();
    await mkdir(path.dirname(this.authorityFile), { recursive: true });
    await writeFile(this.authorityFile, certificate.authority);
    const { longestConnectionMs = LONGEST_CONNECTION_MS } = this.options;
    const open = (login: Login) => this.#open(login);
    this.#listener = await Listener.start({ certificate, longestConnectionMs, open });
    return this.#endpoint;
  }

  /** Starts the servers of caches that are about to be deployed, so that nobody has to wait for them. */
  prepare(planned: readonly Resource[]): void {
    const caches = new Map(this.#caches);
    for (const { name } of deployedCaches(planned)) {
      this.#keep(caches, name);
    }
    this.#caches = caches;
  }

  /**
   * Takes up what is deployed now, in place of what was. What a cache holds stays.
   * @throws ValkeyMissing, ValkeyFailed, InvalidAccessString
   */
  async configure(resources: readonly Resource[]): Promise<void> {
    const caches = new Map<string, Cache>();
    const deployed = deployedCaches(resources);
    for (const { name } of deployed) {
      this.#keep(caches, name);
    }
    const gone = [...this.#caches].filter(([name]) => !caches.has(name));
    this.#caches = caches;
    await Promise.all([
      ...gone.map(([, cache]) => end(cache)),
      ...deployed.map(async ({ name, users }) => {
        const cache = caches.get(name);
        const server = await cache?.server;
        if (cache && server) {
          await server.setUsers(users);
          cache.users = new Map(users.map((user) => [user.name, user]));
        }
      }),
    ]);
  }

  get mode(): Mode {
    return this.#listener?.mode ?? "down";
  }

  async setMode(mode: Mode): Promise<void> {
    await this.#listener?.setMode(mode);
  }

  async stop(): Promise<void> {
    await this.#listener?.stop();
    await Promise.all([...this.#caches.values()].map(end));
  }

  get #endpoint(): CacheEndpoint {
    return { address: "localhost", port: this.#listener?.port ?? 0 };
  }

  /** Adds the cache as it is, or with a server that is starting. */
  #keep(caches: Map<string, Cache>, name: string): void {
    const known = this.#caches.get(name);
    const cache =
      known && !known.isBroken ? known : { users: new Map(), isBroken: false, server: this.#serve(name) };
    caches.set(name, cache);
    if (cache !== known) {
      const broken = () => {
        cache.isBroken = true;
      };
      // Whoever waits for the server hears of a failure; until then it must not end the process.
      cache.server.then(({ ended }) => ended).then(broken, broken);
    }
  }

  async #serve(cache: string): Promise<Valkey> {
    const { stateDir, progress, environments = path.join(__dirname, "..", "..", ".local") } = this.options;
    const python = await pythonEnvironment(environments, progress);
    const logFile = path.resolve(stateDir, `cache-${cache}.log`);
    return Valkey.start({ cache, python, logFile, announced: this.#endpoint });
  }

  async #open({ user: name, password }: Login): Promise<Opened | undefined> {
    const token = readToken(password);
    if (token) {
      const cache = this.#caches.get(token.cache);
      const user = cache?.users.get(name);
      const isTheirs =
        user?.authentication === "iam" && user.id === token.userId && token.expiresAt > Date.now();
      return cache && isTheirs && (await mayConnect(token, this.#frontDoor)) ? opened(cache) : undefined;
    }
    const caches = [...this.#caches.values()].filter(({ users }) => isKnown(users.get(name), password));
    const [cache, ...others] = caches;
    return cache && others.length === 0 ? opened(cache) : undefined;
  }
}

function isKnown(user: CacheUser | undefined, password: string): boolean {
  return (
    user?.authentication === "no-password-required" ||
    (user?.authentication === "password" && user.passwords.includes(password))
  );
}

async function opened(cache: Cache): Promise<Opened> {
  const valkey = await cache.server;
  return { server: valkey.connect(), password: valkey.password };
}

async function end({ server }: Cache): Promise<void> {
  const [started] = await Promise.allSettled([server]);
  if (started.status === "fulfilled") {
    await started.value.stop();
  }
}
