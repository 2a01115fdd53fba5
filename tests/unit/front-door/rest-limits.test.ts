import type { KeyHolder } from "../../../local/front-door/rest-keys";
import { RestLimits } from "../../../local/front-door/rest-limits";
import { methodOf, stageOf } from "./rest-stage";

let now = 0;
let date = new Date("2026-11-21T23:59:59Z");

const limits = () =>
  new RestLimits(
    () => now,
    () => date,
  );
const holder = (keyId: string, period: string): KeyHolder => ({
  keyId,
  plan: { id: `plan ${period}`, throttle: { rateLimit: 1, burstLimit: 1 }, quota: { limit: 2, period } },
});

test.each([
  // 2026-11-22 is a Sunday.
  ["DAY", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"],
  ["WEEK", "2026-11-15T00:00:00Z", "2026-11-22T00:00:00Z"],
  ["MONTH", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"],
])("a quota of a %s begins anew with the next", (period, begin, next) => {
  const counted = limits();
  const ask = (time: string) => {
    date = new Date(time);
    return counted.isOverQuota(holder("k", period));
  };

  expect([ask(begin), ask("2026-11-21T23:59:59Z"), ask("2026-11-21T23:59:59Z"), ask(next)]).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

test("each key has a quota of its own, and a plan without one has none", () => {
  const counted = limits();
  const uses = (keyId: string) => Array.from({ length: 3 }, () => counted.isOverQuota(holder(keyId, "DAY")));

  expect([uses("a"), uses("b")]).toEqual([
    [false, false, true],
    [false, false, true],
  ]);
  const free = { keyId: "c", plan: { id: "free", throttle: undefined, quota: undefined } };
  expect(Array.from({ length: 9 }, () => counted.isOverQuota(free))).not.toContain(true);
});

test("a key is throttled by its plan besides the method, and quotas outlive a new configuration", () => {
  const counted = limits();
  const stage = stageOf([]);
  const method = methodOf("GET /a", { settings: { throttlingRateLimit: 9, throttlingBurstLimit: 9 } });
  const ask = (keyId: string) => counted.isThrottled(stage, method, holder(keyId, "DAY"));

  expect([ask("a"), ask("a"), ask("b"), counted.isThrottled(stage, method, undefined)]).toEqual([
    false,
    true,
    false,
    false,
  ]);
  now += 1000;
  expect(ask("a")).toBe(false);
  counted.isOverQuota(holder("a", "DAY"));
  counted.isOverQuota(holder("a", "DAY"));
  counted.reset();
  expect([ask("a"), counted.isOverQuota(holder("a", "DAY"))]).toEqual([false, true]);
});
