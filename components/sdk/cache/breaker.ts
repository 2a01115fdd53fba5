/** Keeps a container from a cache that has failed it: for as long as the cache rests, nobody tries. */
export interface Breaker {
  /** When somebody may try, in milliseconds since 1970; 0 while the cache answers. */
  restsUntil: number;
}

/** How long a cache that failed is left alone. */
export const restMs = 5000;

/** Whether to try. After a rest one caller may, and the others once it has been answered. */
export function mayTry(breaker: Breaker, now: number): boolean {
  if (now < breaker.restsUntil) {
    return false;
  }
  if (breaker.restsUntil > 0) {
    // Rather than that somebody tries, so that one who is never heard of again stops nobody for longer.
    breaker.restsUntil = now + restMs;
  }
  return true;
}

/** Notes that the cache failed; whether that is news. */
export function failed(breaker: Breaker, now: number): boolean {
  const isNews = breaker.restsUntil === 0;
  breaker.restsUntil = now + restMs;
  return isNews;
}

/** Notes that the cache answered; whether that is news. */
export function answered(breaker: Breaker): boolean {
  const isNews = breaker.restsUntil > 0;
  breaker.restsUntil = 0;
  return isNews;
}
