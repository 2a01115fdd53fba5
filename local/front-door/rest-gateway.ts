import type { ApiAddress } from "./api";
import { headerOf } from "./headers";
import type { Exchange, Interceptor, Reply } from "./interceptor";
import { RestBackend } from "./rest-backend";
import { RestBatches } from "./rest-batches";
import { cacheKeyOf, isInvalidation, RestCache } from "./rest-cache";
import type { RestMethod, RestStage } from "./rest-description";
import { integrate, isDirect } from "./rest-integration";
import { type KeyHolder, RestKeys } from "./rest-keys";
import { RestLimits } from "./rest-limits";
import { refuse } from "./rest-refusal";
import { type RestRequest, restRequest } from "./rest-request";
import { type Introductions, RestSessions, type RestSurroundings } from "./rest-session";
import { bodyProblem, missingParameters } from "./rest-validation";
import { Routes } from "./routes";

/** Largest body of a request ("Quotas for configuring and running a REST API", payload size). */
const LARGEST_BODY_BYTES = 10 * 1024 * 1024;

const LARGEST_MESSAGE_BYTES = 1024;

interface Served {
  readonly stage: RestStage;
  readonly routes: Routes;
  readonly methods: ReadonlyMap<string, RestMethod>;
}

interface Connection {
  readonly keys: RestKeys;
  readonly sessions: RestSessions;
  readonly backend: RestBackend;
  readonly batches: RestBatches;
}

/**
 * What the emulator lacks of REST APIs, or would do too slowly: in the order of API Gateway it looks at keys, throttles,
 * quotas, parameters and bodies, keeps answers in caches, and answers by itself what goes to a service of AWS without a
 * function. Functions, and methods with an authorizer, are the emulator's. Whatever is refused is so in the words
 * of the API's gateway responses.
 */
export class RestGateway implements Interceptor {
  readonly name = "rest-gateway";
  #stages: ReadonlyMap<string, Served> = new Map();
  #connection: Connection | undefined;
  #described = "";
  readonly #cache: RestCache;
  readonly #limits: RestLimits;
  readonly #requests = new WeakMap<Exchange, RestRequest>();

  /** @param now clock in milliseconds. @default the machine's, monotonic */
  constructor(now?: () => number) {
    this.#cache = new RestCache(now);
    this.#limits = new RestLimits(now);
  }

  /** Begins to call services and to know keys. */
  connect(surroundings: RestSurroundings, introductions: Introductions): void {
    const sessions = new RestSessions(surroundings, introductions);
    const backend = new RestBackend(surroundings, sessions);
    const batches = new RestBatches(backend);
    this.#connection = { keys: new RestKeys(surroundings), sessions, backend, batches };
  }

  /** Takes the place of what was configured before; what is another API now has nothing in its cache. */
  configure(stages: readonly RestStage[]): void {
    const described = JSON.stringify(stages);
    if (described === this.#described) {
      return;
    }
    this.#described = described;
    this.#cache.clear();
    this.#limits.reset();
    this.#connection?.sessions.forget();
    this.#stages = new Map(
      stages.map((stage) => [
        keyOf(stage),
        {
          stage,
          routes: new Routes(stage.methods.map(({ key }) => key)),
          methods: new Map(stage.methods.map((method) => [method.key, method])),
        },
      ]),
    );
  }

  async before(exchange: Exchange): Promise<Reply | undefined> {
    const request = this.#requestOf(exchange);
    if (!request) {
      return undefined;
    }
    this.#requests.set(exchange, request);
    const { method, stage } = request;
    if (!method) {
      return refuse(request, "MISSING_AUTHENTICATION_TOKEN");
    }
    const holder = await this.#holderOf(exchange, stage);
    if (method.isKeyRequired && !holder) {
      return refuse(request, "INVALID_API_KEY");
    }
    if (this.#limits.isThrottled(stage, method, holder)) {
      return refuse(request, "THROTTLED");
    }
    if (method.isKeyRequired && holder && this.#limits.isOverQuota(holder)) {
      return refuse(request, "QUOTA_EXCEEDED");
    }
    return this.#pass(request, method);
  }

  async after(exchange: Exchange, reply: Reply): Promise<Reply | undefined> {
    const request = this.#requests.get(exchange);
    if (!request?.method) {
      return undefined;
    }
    const own = await gatewayAnswer(request, reply);
    const key = own ? undefined : cacheKeyOf(request);
    if (key !== undefined) {
      await this.#cache.put(key, reply, request.method.settings.cacheTtlInSeconds ?? 300);
    }
    return own;
  }

  stop(): void {
    this.#connection?.backend.stop();
  }

  #requestOf(exchange: Exchange): RestRequest | undefined {
    const { api } = exchange.call;
    const served = api && this.#stages.get(keyOf(api));
    if (!api || !served) {
      return undefined;
    }
    const { stage, routes, methods } = served;
    const match = routes.match(exchange.method, api.path.replace(/(?<=.)\/+$/, ""));
    return restRequest(exchange, stage, match && methods.get(match.key), match?.params);
  }

  async #holderOf({ headers }: Exchange, { plans }: RestStage): Promise<KeyHolder | undefined> {
    const value = headers["x-api-key"];
    return typeof value === "string" && plans.length > 0
      ? this.#connection?.keys.holderOf(value, plans)
      : undefined;
  }

  async #pass(request: RestRequest, method: RestMethod): Promise<Reply | undefined> {
    const missing = method.validatesParameters ? missingParameters(request, method) : [];
    if (missing.length > 0) {
      const validationError = `Missing required request parameters: [${missing.join(", ")}]`;
      return refuse(request, "BAD_REQUEST_PARAMETERS", { validationError });
    }
    const direct = isDirect(method);
    const readsBody = direct || (method.validatesBody && Object.keys(method.models).length > 0);
    const body = readsBody ? await request.exchange.body.whole(LARGEST_BODY_BYTES) : Buffer.alloc(0);
    if (!body) {
      // Its connection serves the next request only when the rest has come.
      request.exchange.body.discard();
      return refuse(request, "REQUEST_TOO_LARGE");
    }
    const validationError = method.validatesBody ? bodyProblem(request, method, body.toString()) : undefined;
    if (validationError !== undefined) {
      return refuse(request, "BAD_REQUEST_BODY", { validationError });
    }
    const cached = this.#cached(request, method);
    if (cached) {
      return cached;
    }
    return direct && this.#connection
      ? integrate(request, method, body.toString(), this.#connection)
      : undefined;
  }

  #cached(request: RestRequest, { settings }: RestMethod): Reply | undefined {
    const key = cacheKeyOf(request);
    if (key === undefined) {
      return undefined;
    }
    if (!isInvalidation(request)) {
      return this.#cache.get(key);
    }
    if (settings.requireAuthorizationForCacheControl === false) {
      return undefined;
    }
    // Leave to invalidate is given by IAM, which only a signed request could show.
    switch (settings.unauthorizedCacheControlHeaderStrategy) {
      case "FAIL_WITH_403":
        return refuse(request, "ACCESS_DENIED");
      case "SUCCEED_WITHOUT_RESPONSE_HEADER":
        return this.#cache.get(key);
      default:
        return withWarning(this.#cache.get(key));
    }
  }
}

function keyOf({ apiId, stage }: Pick<ApiAddress, "apiId" | "stage">): string {
  return `${apiId}/${stage}`;
}

function withWarning(reply: Reply | undefined): Reply | undefined {
  return (
    reply && { ...reply, headers: [...reply.headers, "warning", '199 - "Cache-Control was not heeded"'] }
  );
}

/** What API Gateway itself, not the function, says from further in, in the words of the API. */
async function gatewayAnswer(request: RestRequest, answer: Reply): Promise<Reply | undefined> {
  const { status, headers, body } = answer;
  if (
    (status !== 413 && status < 500) ||
    !headerOf(headers, "content-type")?.startsWith("application/json")
  ) {
    return undefined;
  }
  const message = messageIn((await body.whole(LARGEST_MESSAGE_BYTES))?.toString() ?? "");
  if (status === 413) {
    return message === "Request Entity Too Large" ? refuse(request, "REQUEST_TOO_LARGE") : undefined;
  }
  return message === "Internal server error" ? refuse(request, "INTEGRATION_FAILURE", { status }) : undefined;
}

function messageIn(text: string): unknown {
  try {
    return Object(JSON.parse(text)).message;
  } catch {
    return undefined;
  }
}
