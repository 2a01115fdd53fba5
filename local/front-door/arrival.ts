import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Body } from "./body";
import { type Call, NOTHING, recognise } from "./call";
import type { Callers } from "./caller";
import type { RawHeaders } from "./headers";
import type { Exchange } from "./interceptor";

interface Circumstances {
  /** The client asks to leave HTTP. */
  readonly upgrade?: boolean;
  /** Tells a client that waits for it (Expect: 100-continue) to send its body. */
  readonly proceed?: () => void;
}

/** A request that has arrived, with what the proxy needs beside what interceptors see. */
export class Arrival implements Exchange {
  readonly id = nextId();
  readonly startedAt = Date.now();
  readonly method: string;
  readonly path: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: RawHeaders;
  readonly upgrade: boolean;
  readonly body: Body;
  readonly proceed: () => void;
  readonly #started = performance.now();
  readonly #left = new AbortController();
  #query: URLSearchParams | undefined;
  #call: Call = NOTHING;

  constructor(request: IncomingMessage, { upgrade = false, proceed = () => {} }: Circumstances = {}) {
    this.method = request.method ?? "GET";
    this.url = request.url ?? "/";
    this.path = this.url.split("?", 1)[0] ?? "/";
    this.headers = request.headers;
    this.rawHeaders = request.rawHeaders;
    this.upgrade = upgrade;
    this.proceed = proceed;
    this.body = new Body(hasBody(request) ? request : "", proceed);
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.url.slice(this.path.length));
    return this.#query;
  }

  get call(): Call {
    return this.#call;
  }

  get signal(): AbortSignal {
    return this.#left.signal;
  }

  get durationMs(): number {
    return performance.now() - this.#started;
  }

  /** @throws BodyCutOff when the client leaves while its request is being read. */
  async recognise(callers: Callers): Promise<void> {
    this.#call = await recognise(this, this.body, callers);
  }

  /** The client has gone away. */
  leave(): void {
    this.#left.abort();
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

let lastMs = 0;
let inSameMs = 0;

/** Time and a count in base 36, so that ids sort as calls arrive. */
function nextId(): string {
  const now = Math.max(Date.now(), lastMs);
  inSameMs = now === lastMs ? inSameMs + 1 : 0;
  lastMs = now;
  return now.toString(36).padStart(9, "0") + inSameMs.toString(36).padStart(4, "0");
}
