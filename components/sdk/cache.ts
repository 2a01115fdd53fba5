import type { Method } from "./bind";
import { answered, type Breaker, failed, mayTry } from "./cache/breaker";
import type { Server } from "./cache/connection";
import { nameOf } from "./cache/key";
import { type Reading, readThrough } from "./cache/read-through";
import { storeOf } from "./cache/store";

export type { Reading } from "./cache/read-through";

interface CacheTarget extends Server {
  /** What the names of all keys begin with; the user may use no others. */
  readonly prefix: string;
  /** How much longer than its `read` a call may take. */
  readonly patienceMs: string;
}

interface Keyed {
  /** What the value is kept under in this cache: any text that is not empty. */
  readonly key: string;
}

/** What a container knows of a cache. */
interface Container {
  readonly breaker: Breaker;
  /** Values on their way, by the names of their keys. */
  readonly underWay: Record<string, Promise<unknown>>;
}

/** By the cache's name. */
const containers: Record<string, Container> = {};

const containerOf = ({ cacheName }: CacheTarget): Container => {
  containers[cacheName] ??= { breaker: { restsUntil: 0 }, underWay: {} };
  return containers[cacheName];
};

/** All that a cache's user may ask for, it may once it is connected. */
function connected<Input, Result>(
  call: (target: CacheTarget, input: Input) => Promise<Result>,
): Method<CacheTarget, Input, Promise<Result>> {
  return { action: "elasticache:Connect", call };
}

/**
 * What is done with a cache, which is never more than a help: whatever becomes of it, each call answers.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html
 */
export const cacheMethods = {
  ReadThrough: connected(
    async (target: CacheTarget, { key, ...reading }: Reading<unknown> & Keyed): Promise<unknown> => {
      const name = nameOf(target.prefix, key);
      checkSeconds(reading);
      const { breaker, underWay } = containerOf(target);
      const other = underWay[name];
      if (other) {
        return other;
      }
      const value = through(target, name, reading, breaker).finally(() => {
        if (underWay[name] === value) {
          delete underWay[name];
        }
      });
      underWay[name] = value;
      return value;
    },
  ),
  Forget: connected(async (target: CacheTarget, { key }: Keyed): Promise<boolean> => {
    const name = nameOf(target.prefix, key);
    const { breaker, underWay } = containerOf(target);
    delete underWay[name];
    if (!mayTry(breaker, Date.now())) {
      return false;
    }
    try {
      await storeOf(target, Date.now() + Number(target.patienceMs)).drop(name);
      noteAnswer(target, breaker);
      return true;
    } catch (error) {
      noteFailure(target, breaker, error as Error);
      return false;
    }
  }),
};

/** The bound client of a cache. */
export interface CacheClient {
  /**
   * Answers what is kept under the key, or else what `read` answers, and keeps that. A cache that is down, slow or
   * full of nonsense costs a call at most a second, and is then left alone for some seconds. Within a container, calls
   * for a key at the same time are one and share its value; over all, one of them reads.
   * @throws what `read` throws, unless there is a value that is stale but not too old; `InvalidKey` for an empty key,
   * `InvalidSeconds` for times that are none.
   */
  ReadThrough<Value>(reading: Reading<Value> & Keyed): Promise<Value>;
  /**
   * Forgets what is kept under the key, and keeps nothing of what is being read at the moment; answers whether the
   * cache could be told. If not, the value serves for as long as it would have.
   */
  Forget(input: Keyed): Promise<boolean>;
}

async function through(
  target: CacheTarget,
  name: string,
  reading: Reading<unknown>,
  breaker: Breaker,
): Promise<unknown> {
  const now = Date.now();
  if (!mayTry(breaker, now)) {
    return reading.read();
  }
  const deadline = now + Number(target.patienceMs);
  const patience = { deadline, commandTimeoutMs: Number(target.commandTimeoutMs) };
  return readThrough(storeOf(target, deadline), name, reading, patience, {
    answered: () => noteAnswer(target, breaker),
    failed: (error) => noteFailure(target, breaker, error),
  });
}

/** Its message only: the library's errors hold the command, and that the token or the value. */
function noteFailure({ cacheName }: CacheTarget, breaker: Breaker, { message }: Error): void {
  if (failed(breaker, Date.now())) {
    console.warn("the cache cannot be used for now", { cache: cacheName, reason: message });
  }
}

function noteAnswer({ cacheName }: CacheTarget, breaker: Breaker): void {
  if (answered(breaker)) {
    console.info("the cache can be used again", { cache: cacheName });
  }
}

function checkSeconds({ ttlSeconds, staleSeconds = 0, readSeconds = 1 }: Reading<unknown>): void {
  const isNone = [ttlSeconds, staleSeconds, readSeconds].some((seconds) => !(seconds >= 0 && seconds < 1e9));
  if (isNone || ttlSeconds === 0 || readSeconds === 0) {
    throw Object.assign(
      new Error("A value is kept for a number of seconds above 0, and stale for 0 or more."),
      {
        name: "InvalidSeconds",
      },
    );
  }
}
