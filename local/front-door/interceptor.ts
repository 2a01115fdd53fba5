import type { IncomingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import type { Body } from "./body";
import type { Call } from "./call";
import type { RawHeaders } from "./headers";

/** One request on its way through the front door. A plug-in keeps its own notes on it in a WeakMap. */
export interface Exchange {
  /** Grows with the time of arrival, unique over restarts. */
  readonly id: string;
  /** Arrival of the request's head, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** True when the client asks to leave HTTP, as a WebSocket handshake does. */
  readonly upgrade: boolean;
  readonly call: Call;
  readonly body: Body;
  /** Aborts when the client goes away, so that a delay need not be waited out. */
  readonly signal: AbortSignal;
}

/** An answer, from the emulator or from an interceptor. */
export interface Reply {
  readonly status: number;
  /** Reason phrase; the usual one for the status when absent. */
  readonly statusText?: string | undefined;
  readonly headers: RawHeaders;
  readonly body: Body;
}

/** How a call ended. */
export interface Outcome {
  /** Status sent to the client; 499 when the client left before there was one. */
  readonly status: number;
  readonly durationMs: number;
  /** Bytes of the answer's body sent to the client. */
  readonly sentBytes: number;
  /** The client left before it had the whole answer. */
  readonly aborted: boolean;
}

/** Both ends of an accepted WebSocket. Reading with `on("data")` beside the front door is harmless. */
export interface Tunnel {
  readonly client: Duplex;
  readonly emulator: Duplex;
}

type Maybe<T> = T | undefined | Promise<T | undefined>;

/**
 * A plug-in of the front door. Interceptors lie around the emulator like rings, the first outermost: `before`
 * runs inwards, `after` runs outwards. All four methods are optional. An exception answers the call with a
 * 500 that names the interceptor.
 */
export interface Interceptor {
  readonly name: string;
  /**
   * Sees a call before the emulator, and may let it wait. Answering ends its way inwards: the rings further
   * in and the emulator never see it, the rings further out still get their `after`.
   */
  before?(exchange: Exchange): Maybe<Reply>;
  /** Sees the answer from further in, whoever gave it; what it returns takes that answer's place. */
  after?(exchange: Exchange, reply: Reply): Maybe<Reply>;
  /** Called exactly once for every call when it is over, or its WebSocket handshake is. */
  done?(exchange: Exchange, outcome: Outcome): void;
  /** Called with both ends of a WebSocket the emulator accepted. */
  opened?(exchange: Exchange, tunnel: Tunnel): void;
  /** Called when the front door stops. */
  stop?(): void | Promise<void>;
}
