import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { awsError } from "./aws-error";
import type { Exchange, Interceptor, Reply } from "./interceptor";
import { isOwnAddress } from "./own-address";
import type { RecordedCall } from "./record";
import { matcher } from "./record-filter";
import { jsonReply, problemReply } from "./reply";

const FAULTS_PATH = "/_gallery/faults";
const LARGEST_LIST_BYTES = 1024 * 1024;

const pattern = z.string().min(1);

const rule = z
  .strictObject({
    /** Patterns, as those of the record: the exact value, or its beginning and `*`. */
    caller: pattern.optional(),
    action: pattern.optional(),
    resource: pattern.optional(),
    /** @default 1 */
    probability: z.number().min(0).max(1).optional(),
    /** HTTP status of the answer, with the AWS error code `error`. Without them a call is only delayed. */
    status: z.int().min(400).max(599).optional(),
    error: z.string().regex(/^\w+$/, "must be an AWS error code, such as ThrottlingException").optional(),
    /** At most 15 minutes. */
    delayMs: z.int().min(0).max(900_000).optional(),
    /** Most calls that it strikes. @default any number */
    times: z.int().min(1).optional(),
  })
  .refine(({ status, error }) => (status === undefined) === (error === undefined), {
    error: '"status" and "error" go together',
  })
  .refine(({ status, delayMs }) => status !== undefined || delayMs !== undefined, {
    error: 'must have "status" and "error", "delayMs", or all of them',
  });

/** Which calls are struck, and how. */
export type FaultRule = z.infer<typeof rule>;

/** What was put is no list of faults; the message says why. */
class BadFaults extends Error {
  override readonly name = "BadFaults";
}

interface Fault {
  readonly rule: FaultRule;
  readonly fits: (call: RecordedCall) => boolean;
  struck: number;
}

/**
 * Lets calls of AWS fail or wait, by rules that are read, replaced and cleared at `/_gallery/faults`: `GET`, `PUT` of a
 * JSON list, `DELETE`. Each rule is tried in turn; the first that gives an error ends the call. The engine's and
 * terminals' calls are spared unless a rule names `deployer` as its caller.
 *
 * `PUT …?seed=<n>` makes the same calls be struck in the same order each time.
 */
export class Faults implements Interceptor {
  readonly name = "faults";
  #faults: readonly Fault[] = [];
  #random: () => number = Math.random;

  async before(exchange: Exchange): Promise<Reply | undefined> {
    if (exchange.path === FAULTS_PATH && isOwnAddress(exchange)) {
      return this.#administer(exchange);
    }
    return exchange.call.kind === "aws" && this.#faults.length > 0 ? this.#strike(exchange) : undefined;
  }

  async #strike(exchange: Exchange): Promise<Reply | undefined> {
    const call = asRecorded(exchange);
    for (const fault of this.#faults) {
      const { times = Number.POSITIVE_INFINITY, probability = 1, delayMs, status, error } = fault.rule;
      if (fault.struck >= times || !fault.fits(call) || this.#random() >= probability) {
        continue;
      }
      fault.struck += 1;
      if (delayMs) {
        await delay(delayMs, undefined, { signal: exchange.signal }).catch(() => {});
      }
      if (status !== undefined && error !== undefined) {
        return awsError(exchange, status, error, `A fault injected at ${FAULTS_PATH}.`);
      }
    }
    return undefined;
  }

  async #administer(exchange: Exchange): Promise<Reply> {
    const { method } = exchange;
    switch (method) {
      case "GET":
      case "HEAD":
        return this.#list();
      case "DELETE":
        this.#faults = [];
        return this.#list();
      case "PUT":
        return this.#replace(exchange);
      default:
        return problemReply(405, "Method Not Allowed", `Faults are read, put or deleted, not ${method}.`, {
          allow: "GET, HEAD, PUT, DELETE",
        });
    }
  }

  async #replace({ query, body }: Exchange): Promise<Reply> {
    const text = await body.whole(LARGEST_LIST_BYTES);
    try {
      const rules = rulesIn(text?.toString());
      this.#random = randomOf(query.get("seed"));
      this.#faults = rules.map((rule) => ({ rule, fits: matcherOf(rule), struck: 0 }));
      return this.#list();
    } catch (error) {
      if (error instanceof BadFaults) {
        return problemReply(400, "Bad Request", error.message);
      }
      throw error;
    }
  }

  #list(): Reply {
    return jsonReply(200, { faults: this.#faults.map(({ rule, struck }) => ({ ...rule, struck })) });
  }
}

/** @throws BadFaults */
function rulesIn(text: string | undefined): readonly FaultRule[] {
  if (text === undefined) {
    throw new BadFaults(`The list is longer than ${LARGEST_LIST_BYTES} bytes.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadFaults(`The body is no JSON: ${error instanceof Error ? error.message : error}.`);
  }
  const { success, data, error } = z.array(rule).safeParse(value);
  if (success) {
    return data;
  }
  const problems = error.issues.map(({ path: [index, ...names], message }) => {
    if (index === undefined) return `The body must be a list of rules: ${message}.`;
    const where = names.length > 0 ? `, "${names.join(".")}"` : "";
    return `Rule ${Number(index) + 1}${where}: ${message}.`;
  });
  throw new BadFaults(problems.join(" "));
}

/** @throws BadFaults */
function randomOf(seed: string | null): () => number {
  if (seed === null) {
    return Math.random;
  }
  if (!/^\d{1,9}$/.test(seed)) {
    throw new BadFaults(`Parameter "seed" is "${seed}". It must be a whole number of at most 9 digits.`);
  }
  return seeded(Number(seed));
}

function matcherOf({ caller, action, resource }: FaultRule): Fault["fits"] {
  const fits = matcher({ caller, action, resource });
  return caller === undefined ? (call) => call.caller !== "deployer" && fits(call) : fits;
}

function asRecorded({ id, startedAt, call }: Exchange): RecordedCall {
  const time = new Date(startedAt).toISOString();
  return { ...call, id, time, caller: call.caller.name, role: call.caller.role, durationMs: 0, status: 0 };
}

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
