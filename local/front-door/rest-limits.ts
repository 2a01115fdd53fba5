import type { RestMethod, RestStage } from "./rest-description";
import type { KeyHolder } from "./rest-keys";
import { ACCOUNT_LIMIT } from "./throttle";
import { TokenBucket } from "./token-bucket";

/** A moment's period of a quota, in UTC. */
const PERIODS: Readonly<Record<string, (time: Date) => string>> = {
  DAY: (time) => time.toISOString().slice(0, 10),
  // Weeks begin with a Sunday; 1970 began with a Thursday.
  WEEK: (time) => `week ${Math.floor((time.getTime() / 86_400_000 + 4) / 7)}`,
  MONTH: (time) => time.toISOString().slice(0, 7),
};

/** Throttles of stages and of keys, and the quotas of keys. */
export class RestLimits {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #quotas = new Map<string, { period: string; used: number }>();

  /**
   * @param now clock in milliseconds. @default the machine's, monotonic
   * @param date of quotas. @default the machine's
   */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly date: () => Date = () => new Date(),
  ) {}

  /** Buckets start full again; quotas go on. */
  reset(): void {
    this.#buckets.clear();
  }

  /** Whether a request is more than what the key's plan, or the method, lets through. */
  isThrottled({ apiId, stage }: RestStage, method: RestMethod, holder: KeyHolder | undefined): boolean {
    const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = method.settings;
    const plan = holder?.plan.throttle;
    const takes =
      !holder || !plan || this.#take(`${holder.plan.id}/${holder.keyId}`, plan.rateLimit, plan.burstLimit);
    return !takes || !this.#take(`${apiId}/${stage}/${method.key}`, rate, burst);
  }

  /** Counts a request of a key; whether it was one too many for its period. */
  isOverQuota({ plan, keyId }: KeyHolder): boolean {
    if (!plan.quota) {
      return false;
    }
    const period = PERIODS[plan.quota.period]?.(this.date()) ?? "";
    const key = `${plan.id}/${keyId}`;
    const known = this.#quotas.get(key);
    const used = known?.period === period ? known.used : 0;
    const isOver = used >= plan.quota.limit;
    this.#quotas.set(key, { period, used: isOver ? used : used + 1 });
    return isOver;
  }

  #take(
    key: string,
    rate: number = ACCOUNT_LIMIT.throttlingRateLimit,
    burst: number = ACCOUNT_LIMIT.throttlingBurstLimit,
  ): boolean {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(rate, burst, this.now);
    this.#buckets.set(key, bucket);
    return bucket.take();
  }
}
