import type { ApiAddress } from "./api";
import type { Exchange, Interceptor, Reply } from "./interceptor";
import { jsonReply } from "./reply";
import { Routes } from "./routes";
import { TokenBucket } from "./token-bucket";

/** Limit of one route, as a stage's `defaultRouteSettings` or `routeSettings` state it. */
export interface RouteLimit {
  /** Requests per second. @default the account's 10,000 */
  readonly throttlingRateLimit?: number;
  /** Requests at once. @default the account's 5,000 */
  readonly throttlingBurstLimit?: number;
}

/** A deployed stage of an HTTP or WebSocket API. */
export interface ApiDescription {
  readonly apiId: string;
  /** Stage name, `$default` included. */
  readonly stage: string;
  /** Route keys: `GET /photos/{id}`, `ANY /{proxy+}`, `$default`, `$connect`. */
  readonly routes: readonly string[];
  /** For every route without a limit of its own; each has its own bucket. @default the account's limit */
  readonly defaultLimit?: RouteLimit;
  readonly routeLimits: Readonly<Record<string, RouteLimit>>;
}

/** Per account and region ("Amazon API Gateway quotas", account-level quotas). */
export const ACCOUNT_LIMIT = { throttlingRateLimit: 10_000, throttlingBurstLimit: 5_000 } as const;

interface Stage {
  readonly routes: Routes;
  readonly hasConnect: boolean;
  readonly buckets: ReadonlyMap<string, TokenBucket>;
}

/** Answers 429 to what exceeds a route's limit, as API Gateway does: a token bucket per route of a stage. */
export class Throttle implements Interceptor {
  readonly name = "throttle";
  #stages: ReadonlyMap<string, Stage> = new Map();

  /** @param now clock in milliseconds. @default the machine's, monotonic */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Takes the place of what was configured before; buckets start full. */
  configure(apis: readonly ApiDescription[]): void {
    this.#stages = new Map(apis.map((api) => [stageKey(api.apiId, api.stage), this.#stageOf(api)]));
  }

  before({ call, method, upgrade }: Exchange): Reply | undefined {
    const found = call.api && this.#find(call.api);
    if (!found) {
      return undefined;
    }
    const { stage, path } = found;
    const routeKey = upgrade && stage.hasConnect ? "$connect" : stage.routes.match(method, path)?.key;
    const bucket = routeKey === undefined ? undefined : stage.buckets.get(routeKey);
    return !bucket || bucket.take() ? undefined : jsonReply(429, { message: "Too Many Requests" });
  }

  /** A `$default` stage serves from the root: what looks like a stage is then the path's first segment. */
  #find({ apiId, stage, path }: ApiAddress): { stage: Stage; path: string } | undefined {
    const named = this.#stages.get(stageKey(apiId, stage));
    if (named) {
      return { stage: named, path };
    }
    const atRoot = this.#stages.get(stageKey(apiId, "$default"));
    return atRoot && { stage: atRoot, path: path === "/" ? `/${stage}` : `/${stage}${path}` };
  }

  #stageOf({ routes, defaultLimit, routeLimits }: ApiDescription): Stage {
    const bucketOf = (routeKey: string) => {
      const limit = { ...ACCOUNT_LIMIT, ...defined(defaultLimit), ...defined(routeLimits[routeKey]) };
      return new TokenBucket(limit.throttlingRateLimit, limit.throttlingBurstLimit, this.now);
    };
    return {
      routes: new Routes(routes),
      hasConnect: routes.includes("$connect"),
      buckets: new Map(routes.map((routeKey) => [routeKey, bucketOf(routeKey)])),
    };
  }
}

function stageKey(apiId: string, stage: string): string {
  return `${apiId}/${stage}`;
}

/** An input that the program left open is there, as undefined. */
function defined(limit: RouteLimit = {}): RouteLimit {
  return Object.fromEntries(Object.entries(limit).filter(([, value]) => value !== undefined));
}
