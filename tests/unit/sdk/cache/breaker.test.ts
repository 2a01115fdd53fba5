import * as fc from "fast-check";
import { answered, type Breaker, failed, mayTry, restMs } from "../../../../components/sdk/cache/breaker";

const closed = (): Breaker => ({ restsUntil: 0 });

test("a cache that answers is tried by all", () => {
  const breaker = closed();

  expect([mayTry(breaker, 1), mayTry(breaker, 1), answered(breaker)]).toEqual([true, true, false]);
});

test("one that failed is left alone, then tried by one, and by all once it has answered", () => {
  const breaker = closed();
  expect(failed(breaker, 1000)).toBe(true);

  expect(mayTry(breaker, 1000 + restMs - 1)).toBe(false);
  expect(mayTry(breaker, 1000 + restMs)).toBe(true);
  expect(mayTry(breaker, 1000 + restMs)).toBe(false);

  expect(answered(breaker)).toBe(true);
  expect(mayTry(breaker, 1000 + restMs)).toBe(true);
});

test("one that fails again rests again, which is no news", () => {
  const breaker = closed();
  failed(breaker, 0);
  mayTry(breaker, restMs);

  expect(failed(breaker, restMs + 10)).toBe(false);

  expect(mayTry(breaker, 2 * restMs + 9)).toBe(false);
  expect(mayTry(breaker, 2 * restMs + 10)).toBe(true);
});

test("of one that never answers, whatever becomes of those who try, there is one try in each rest", () => {
  const step = fc.record({ pauseMs: fc.integer({ min: 0, max: 3000 }), isHeardOf: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const breaker = closed();
      failed(breaker, 1);
      let now = 1;
      let triedAt = 1;
      for (const { pauseMs, isHeardOf } of steps) {
        now += pauseMs;
        const isDue = now >= triedAt + restMs;
        expect(mayTry(breaker, now)).toBe(isDue);
        if (isDue) {
          triedAt = now;
          if (isHeardOf) failed(breaker, now);
        }
      }
    }),
  );
});
