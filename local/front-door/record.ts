import { closeSync, constants, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { errorCodeOf } from "./error-code";
import { headerOf } from "./headers";
import type { Exchange, Interceptor, Outcome, Reply } from "./interceptor";
import type { Ask } from "./operation";
import { isOwnAddress } from "./own-address";
import { type CallFilter, matcher } from "./record-filter";

/** One call as it is kept: who asked what of which resource, and how it went. No body, token or query. */
export interface RecordedCall {
  readonly id: string;
  /** Arrival, ISO 8601 in UTC. */
  readonly time: string;
  readonly durationMs: number;
  readonly caller: string;
  /** Role of the calling function. */
  readonly role?: string;
  readonly kind: string;
  readonly service: string;
  readonly action: string;
  readonly resource: string;
  /** What a batch or transaction asked for besides. */
  readonly further?: readonly Ask[];
  readonly region?: string;
  /** As the client saw it; 499 when it left before there was one. */
  readonly status: number;
  /** AWS error code, such as `AccessDeniedException`. */
  readonly error?: string;
  /** What AWS calls the call in its answer: `apigw-requestid`, `x-amzn-requestid` or `x-amz-request-id`. */
  readonly requestId?: string;
  /** The client left before it had the whole answer. */
  readonly aborted?: true;
}

export interface CallRecordOptions {
  /** Gets a JSON line per call; what it held before is gone. */
  readonly file: string;
  /** Calls kept in memory. @default 10,000 */
  readonly capacity?: number;
}

/** Appending, so that another program that writes the file leaves no gap in it. */
const BEGUN_ANEW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

const REQUEST_ID_HEADERS = ["apigw-requestid", "x-amzn-requestid", "x-amz-request-id"];

/** Keeps every call: the latest in memory, all in a file, written as each ends, so that a kill loses none. */
export class CallRecord implements Interceptor {
  readonly name = "record";
  readonly #capacity: number;
  #file: number | undefined;
  readonly #answers = new WeakMap<Exchange, Pick<RecordedCall, "error" | "requestId">>();
  readonly #calls: RecordedCall[] = [];
  #recorded = 0;

  constructor({ file, capacity = 10_000 }: CallRecordOptions) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = openSync(file, BEGUN_ANEW);
    this.#capacity = capacity;
  }

  /** Calls in the order they ended, oldest first. Of more than `limit`, the first after `since`, else the last. */
  query(filter: CallFilter = {}): readonly RecordedCall[] {
    const { since, limit = this.#capacity, ...patterns } = filter;
    const all = this.#inOrder();
    const rest = all.slice(all.findIndex(({ id }) => id === since) + 1).filter(matcher(patterns));
    return since === undefined ? rest.slice(-limit) : rest.slice(0, limit);
  }

  async after(exchange: Exchange, reply: Reply): Promise<undefined> {
    const isApi = exchange.call.api !== undefined;
    const known = isApi ? headerOf(reply.headers, "x-amzn-errortype") : await errorCodeOf(reply);
    const idHeader = REQUEST_ID_HEADERS.find((name) => headerOf(reply.headers, name));
    this.#answers.set(exchange, {
      ...(known && { error: known }),
      ...(idHeader && { requestId: headerOf(reply.headers, idHeader) }),
    });
  }

  done(exchange: Exchange, { status, durationMs, aborted }: Outcome): void {
    if (isOwnAddress(exchange)) {
      return;
    }
    const { call, id, startedAt } = exchange;
    const { caller, kind, service, action, resource, further, region } = call;
    this.#add({
      id,
      time: new Date(startedAt).toISOString(),
      durationMs: Math.round(durationMs * 1000) / 1000,
      caller: caller.name,
      ...(caller.role && { role: caller.role }),
      kind,
      service,
      action,
      resource,
      ...(further.length > 0 && { further }),
      ...(region && { region }),
      status,
      ...this.#answers.get(exchange),
      ...(aborted && { aborted }),
    });
  }

  stop(): void {
    if (this.#file !== undefined) {
      closeSync(this.#file);
      this.#file = undefined;
    }
  }

  #add(call: RecordedCall): void {
    this.#calls[this.#recorded % this.#capacity] = call;
    this.#recorded += 1;
    if (this.#file !== undefined) {
      writeSync(this.#file, `${JSON.stringify(call)}\n`);
    }
  }

  #inOrder(): RecordedCall[] {
    const oldest = this.#recorded % this.#capacity;
    const isFull = this.#recorded > this.#capacity;
    return isFull ? [...this.#calls.slice(oldest), ...this.#calls.slice(0, oldest)] : [...this.#calls];
  }
}
