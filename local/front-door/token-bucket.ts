/**
 * Tokens that refill steadily: within any `t` seconds at most `burst + rate × t` are taken.
 * API Gateway throttles so ("Throttle requests to your HTTP APIs for better throughput").
 */
export class TokenBucket {
  #tokens: number;
  #filledAt: number;

  /**
   * @param rate tokens per second
   * @param burst most tokens it holds, and what it starts with
   * @param now clock in milliseconds; may stand still, a step back is taken for standing still
   */
  constructor(
    readonly rate: number,
    readonly burst: number,
    private readonly now: () => number,
  ) {
    this.#tokens = burst;
    this.#filledAt = now();
  }

  /** Takes a token if there is one. */
  take(): boolean {
    const now = Math.max(this.now(), this.#filledAt);
    const refill = ((now - this.#filledAt) / 1000) * this.rate;
    this.#tokens = Math.min(this.burst, this.#tokens + refill);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}
