import * as crypto from "node:crypto";
import { seal, unseal } from "./envelope";
import type { Store } from "./store";

/** How a value is had, and for how long it is kept. */
export interface Reading<Value> {
  /** How old a value may be; up to a tenth less, so that not all are read anew at the same time. */
  readonly ttlSeconds: number;
  /** For how much longer it serves while one caller of all containers reads it anew, or cannot. @default 0 */
  readonly staleSeconds?: number;
  /** How long `read` may take for what it reads to be kept; for so long at most, others leave it to read. @default 10 */
  readonly readSeconds?: number;
  /** The value itself, of what JSON can hold; `undefined` is not kept. */
  readonly read: () => Promise<Value>;
  /** The value that was kept, checked; throws at what is none. */
  readonly parse: (kept: unknown) => Value;
}

/** Until when to wait for others and for the cache, in milliseconds since 1970. */
export interface Patience {
  readonly deadline: number;
  /** What is left for a last command. */
  readonly commandTimeoutMs: number;
}

interface Kept<Value> {
  readonly value: Value;
  readonly freshUntil: number;
  readonly staleUntil: number;
}

/** What a caller knows of a name. */
interface Known<Value> {
  /** No longer fresh, but better than an error. */
  stale?: Kept<Value>;
  hasTurn: boolean;
}

const firstPauseMs = 10;
const longestPauseMs = 100;
/** By how much clocks may differ. */
const skewMs = 1000;
const isAhead = (time: number) => Date.now() < time;

/** Is told how the store did, before anything is read. */
export interface Observer {
  answered(): void;
  failed(error: Error): void;
}

/**
 * Answers what is kept under the name, or else what `read` answers, which it then keeps. Fails only if `read` does and
 * nothing stale will do; what the store throws only the observer is told. Of many callers one has the turn to read; the others
 * take the stale value, or wait until the deadline and then read by themselves, keeping nothing.
 */
export async function readThrough<Value>(
  store: Store,
  name: string,
  reading: Reading<Value>,
  patience: Patience,
  observer: Observer,
): Promise<Value> {
  const token = crypto.randomUUID();
  const known: Known<Value> = { hasTurn: false };
  try {
    const kept = await wait(store, name, reading, patience, token, known);
    observer.answered();
    if (kept) {
      return kept.value;
    }
  } catch (error) {
    observer.failed(error as Error);
  }
  const startedAt = Date.now();
  let value: Value;
  try {
    value = await reading.read();
  } catch (error) {
    if (known.hasTurn) {
      store.leave(name, token);
    }
    if (known.stale && isAhead(known.stale.staleUntil)) {
      console.warn("a stale value serves, since none could be read", { name, error });
      return known.stale.value;
    }
    throw error;
  }
  if (known.hasTurn) {
    keep(store, name, reading, token, value, startedAt);
  }
  return value;
}

/** Waits for a value that will do; answers none to who is to read it, whose turn that is if it says so. */
async function wait<Value>(
  store: Store,
  name: string,
  reading: Reading<Value>,
  { deadline, commandTimeoutMs }: Patience,
  token: string,
  known: Known<Value>,
): Promise<Kept<Value> | undefined> {
  const turnMs = (reading.readSeconds ?? 10) * 1000;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const { kept } = await look(store, name, reading);
    if (kept && isAhead(kept.freshUntil)) {
      return kept;
    }
    known.stale = kept;
    known.hasTurn = await store.take(name, token, Math.ceil(turnMs));
    if (known.hasTurn) {
      // Whoever had the turn before may just have kept a value.
      const { kept: latest, problem } = await look(store, name, reading);
      known.stale = latest;
      if (latest && isAhead(latest.freshUntil)) {
        store.leave(name, token);
        return latest;
      }
      if (problem) {
        console.warn("what the cache held is no value and is read anew", { name, reason: problem.message });
      }
      return undefined;
    }
    if (kept) {
      return kept;
    }
    // By half at random, so that those who wait do not ask all at once.
    const restMs = pauseMs * (0.5 + Math.random() / 2);
    if (Date.now() + restMs + commandTimeoutMs > deadline) {
      return undefined;
    }
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}

/** What is kept and not too old even for a stale value; or why it is nothing. */
async function look<Value>(
  store: Store,
  name: string,
  { ttlSeconds, staleSeconds = 0, parse }: Reading<Value>,
): Promise<{ readonly kept?: Kept<Value>; readonly problem?: Error }> {
  const text = await store.get(name);
  if (text === undefined) {
    return {};
  }
  try {
    const { value, freshUntil } = unseal(text);
    const staleUntil = freshUntil + staleSeconds * 1000;
    // One that would be fresh for longer was kept by a caller that took older values.
    const isTooFresh = isAhead(freshUntil - ttlSeconds * 1000 - skewMs);
    return isAhead(staleUntil) && !isTooFresh
      ? { kept: { value: parse(value), freshUntil, staleUntil } }
      : {};
  } catch (error) {
    return { problem: error as Error };
  }
}

function keep<Value>(
  store: Store,
  name: string,
  { ttlSeconds, staleSeconds = 0 }: Reading<Value>,
  token: string,
  value: Value,
  startedAt: number,
): void {
  const freshUntil = startedAt + ttlSeconds * 1000 * (1 - Math.random() / 10);
  const keepMs = freshUntil + staleSeconds * 1000 - Date.now();
  const text = keepMs >= 1 ? seal({ value, freshUntil }) : undefined;
  if (text === undefined) {
    store.leave(name, token);
  } else {
    store.keep(name, token, text, keepMs);
  }
}
