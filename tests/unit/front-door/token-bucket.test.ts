import * as fc from "fast-check";
import { TokenBucket } from "../../../local/front-door/token-bucket";

/** When each attempt is made, in milliseconds from the one before. */
const pauses = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3000, noNaN: true })), {
  maxLength: 200,
});
const rates = fc.double({ min: 0, max: 50, noNaN: true });
const bursts = fc.integer({ min: 0, max: 20 });

/** Times at which the bucket gave a token. */
function taken(rate: number, burst: number, waits: readonly number[]): number[] {
  let now = 0;
  const bucket = new TokenBucket(rate, burst, () => now);
  return waits.flatMap((wait) => {
    now += wait;
    return bucket.take() ? [now] : [];
  });
}

test("within any window at most burst + rate × time", () => {
  fc.assert(
    fc.property(rates, bursts, pauses, (rate, burst, waits) => {
      const times = taken(rate, burst, waits);
      for (const [i, from] of times.entries()) {
        for (const [n, to] of times.slice(i).entries()) {
          expect(n + 1).toBeLessThanOrEqual(burst + (rate * (to - from)) / 1000 + 1e-6);
        }
      }
    }),
  );
});

test("gives all it may: at the rate itself nobody waits", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 2, max: 20 }), (rate, burst) => {
      const waits = Array.from({ length: 100 }, () => 1000 / rate);
      expect(taken(rate, burst, waits)).toHaveLength(100);
    }),
  );
});

test("is full at the start and again after a rest", () => {
  let now = 0;
  const bucket = new TokenBucket(10, 3, () => now);
  const burst = () => Array.from({ length: 5 }, () => bucket.take());

  expect(burst()).toEqual([true, true, true, false, false]);
  now += 300;
  expect(burst()).toEqual([true, true, true, false, false]);
});

test("a clock that steps back gives nothing away", () => {
  let now = 1000;
  const bucket = new TokenBucket(1, 1, () => now);
  bucket.take();
  now = 0;

  expect(bucket.take()).toBe(false);
  now = 2000;
  expect(bucket.take()).toBe(true);
});

test("a limit of zero lets nothing through", () => {
  expect(taken(0, 0, [0, 1000, 100_000])).toEqual([]);
});
