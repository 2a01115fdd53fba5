import { Body } from "./body";
import { withoutHeaders } from "./headers";
import type { Reply } from "./interceptor";
import { parameterOf, type RestRequest } from "./rest-request";

/** Largest answer that is kept ("Cache settings for REST APIs in API Gateway"). */
const LARGEST_BYTES = 1_048_576;
const MOST_ENTRIES = 1_000;

/** What belongs to one answer alone. */
const OWN_HEADERS = new Set(["date", "x-amzn-requestid", "content-length", "transfer-encoding"]);

interface Entry {
  readonly status: number;
  readonly headers: readonly string[];
  readonly content: Buffer;
  readonly endsAt: number;
}

/** Answers that serve again for a while, apart by API, stage, method and the parameters it names as keys. */
export class RestCache {
  readonly #entries = new Map<string, Entry>();

  /** @param now clock in milliseconds. @default the machine's, monotonic */
  constructor(private readonly now: () => number = () => performance.now()) {}

  get(key: string): Reply | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.endsAt <= this.now()) {
      this.#entries.delete(key);
      return undefined;
    }
    const { status, headers, content } = entry;
    return {
      status,
      headers: [...headers, "content-length", String(content.length)],
      body: new Body(content),
    };
  }

  async put(key: string, { status, headers, body }: Reply, seconds: number): Promise<void> {
    const content = await body.whole(LARGEST_BYTES);
    if (content) {
      const [oldest] = this.#entries.keys();
      if (this.#entries.size >= MOST_ENTRIES && oldest !== undefined) {
        this.#entries.delete(oldest);
      }
      const kept = withoutHeaders(headers, OWN_HEADERS);
      this.#entries.set(key, { status, headers: kept, content, endsAt: this.now() + seconds * 1000 });
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** Undefined for what is not cached: who may see an authorizer's answers is not for a cache to know. */
export function cacheKeyOf(request: RestRequest): string | undefined {
  const { stage, method } = request;
  if (!method || !stage.hasCache || !method.settings.cachingEnabled || method.authorization !== "NONE") {
    return undefined;
  }
  const { cacheKeyParameters } = method.integration;
  return JSON.stringify([
    stage.apiId,
    stage.stage,
    method.key,
    ...cacheKeyParameters.map((parameter) => parameterOf(request, parameter) ?? null),
  ]);
}

/** The client asks for a new answer in place of the kept one. */
export function isInvalidation({ exchange: { headers } }: RestRequest): boolean {
  return /(^|[\s,])max-age\s*=\s*0([\s,]|$)/i.test(headers["cache-control"] ?? "");
}
