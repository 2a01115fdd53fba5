import * as fc from "fast-check";
import {
  behaviourSchema,
  campaignStatus,
  chance,
  defaultBehaviour,
  planChanges,
} from "../../../local/stand-ins/mail/behaviour";

const behaviours = fc.record({
  statuses: fc.array(fc.constantFrom(...campaignStatus.options), { minLength: 1, maxLength: 20 }),
  delayMs: fc.nat(10_000),
  loss: fc.double({ min: 0, max: 1, noNaN: true }),
  duplication: fc.double({ min: 0, max: 1, noNaN: true }),
});
const seeds = fc.nat();

test("the default is a behaviour", () => {
  expect(behaviourSchema.parse(defaultBehaviour)).toEqual(defaultBehaviour);
});

test("every status is planned, numbered from 1, and what is lost has no duplicate", () => {
  fc.assert(
    fc.property(behaviours, seeds, (behaviour, seed) => {
      const changes = planChanges(behaviour, chance(seed));

      expect(changes.map(({ status }) => status)).toEqual(behaviour.statuses);
      expect(changes.map(({ sequence }) => sequence)).toEqual(
        behaviour.statuses.map((_, index) => index + 1),
      );
      expect(
        changes.filter(({ isLost, duplicateAfterMs }) => isLost && duplicateAfterMs !== undefined),
      ).toEqual([]);
    }),
  );
});

test("rates of 0 and 1 hold without exception", () => {
  fc.assert(
    fc.property(behaviours, seeds, (behaviour, seed) => {
      const plan = (rates: object) => planChanges({ ...behaviour, ...rates }, chance(seed));

      expect(plan({ loss: 0 }).some(({ isLost }) => isLost)).toBe(false);
      expect(plan({ loss: 1 }).every(({ isLost }) => isLost)).toBe(true);
      expect(plan({ duplication: 0 }).some(({ duplicateAfterMs }) => duplicateAfterMs !== undefined)).toBe(
        false,
      );
      expect(
        plan({ loss: 0, duplication: 1 }).every(({ duplicateAfterMs = 0 }) => duplicateAfterMs > 0),
      ).toBe(true);
    }),
  );
});

test("more loss loses what was lost before, too", () => {
  fc.assert(
    fc.property(behaviours, seeds, fc.double({ min: 0, max: 1, noNaN: true }), (behaviour, seed, loss) => {
      const [less, more] = [behaviour.loss, loss].toSorted((a, b) => a - b);
      const lost = (rate = 0) =>
        planChanges({ ...behaviour, loss: rate }, chance(seed)).flatMap(({ isLost, sequence }) =>
          isLost ? [sequence] : [],
        );

      expect(lost(more)).toEqual(expect.arrayContaining(lost(less)));
    }),
  );
});

test("a duplicate may come before the next change, and after it", () => {
  const behaviour = { ...defaultBehaviour, statuses: Array(100).fill("pending"), duplication: 1 };
  const delays = planChanges(behaviour, chance(1)).map(({ duplicateAfterMs = 0 }) => duplicateAfterMs);

  expect(Math.min(...delays)).toBeLessThan(behaviour.delayMs);
  expect(Math.max(...delays)).toBeGreaterThan(behaviour.delayMs);
});

test("seeded chance is spread over 0 to 1 and the same for the same seed", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const draw = (random: () => number) => Array.from({ length: 200 }, random);
      const numbers = draw(chance(seed));

      expect(draw(chance(seed))).toEqual(numbers);
      expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
      expect(Math.abs(numbers.reduce((sum, number) => sum + number) / 200 - 0.5)).toBeLessThan(0.15);
    }),
    { numRuns: 30 },
  );
});
