import * as fc from "fast-check";
import {
  checkFlow,
  EndlessState,
  type Flow,
  UnknownState,
  UnreachableState,
} from "../../../components/workflow/flow";

const flowOf = (states: Record<string, string[]>): Flow => new Map(Object.entries(states));

test.each([
  ["start", { a: [] }, /^send: startAt is start, which is no state; there are a$/],
  ["a", { a: ["b"], c: [] }, /^send: state a goes on with b, which is no state; there are a, c$/],
])("a flow that names a state that is not there is refused: %s %j", (startAt, states, message) => {
  const attempt = () => checkFlow("send", startAt, flowOf(states));

  expect(attempt).toThrow(UnknownState);
  expect(attempt).toThrow(message);
});

test("states that no execution comes to are named, all of them", () => {
  const attempt = () => checkFlow("send", "a", flowOf({ a: ["d"], b: ["c"], c: ["b", "d"], d: [] }));

  expect(attempt).toThrow(UnreachableState);
  expect(attempt).toThrow(
    /^send: no execution comes from a to b, c; let a state go on with it, or remove it$/,
  );
});

test("states without a way to an end are named, all of them", () => {
  const attempt = () => checkFlow("send", "a", flowOf({ a: ["b", "d"], b: ["c"], c: ["b"], d: [] }));

  expect(attempt).toThrow(EndlessState);
  expect(attempt).toThrow(
    /^send: no way leads from b, c to a state that ends the execution; let one of them/,
  );
});

/** Whether a way of one or more steps leads from one state to another, by Warshall's closure. */
function closure(size: number, next: readonly (readonly number[])[]): boolean[][] {
  const way = Array.from({ length: size }, (_, from) =>
    Array.from({ length: size }, (_, to) => next[from]?.includes(to) ?? false),
  );
  for (let by = 0; by < size; by += 1) {
    for (const row of way) {
      row.forEach((there, to) => {
        row[to] = there || (row[by] === true && way[by]?.[to] === true);
      });
    }
  }
  return way;
}

/** A flow of a few states, each with up to three that may follow; the first is where it starts. */
const graphs = fc
  .integer({ min: 1, max: 7 })
  .chain((size) =>
    fc.array(fc.array(fc.nat({ max: size - 1 }), { maxLength: 3 }), { minLength: size, maxLength: size }),
  );

test("a flow is refused just when a state has no way from the start, or none to an end", () => {
  const seen = { taken: 0, unreachable: 0, endless: 0 };
  fc.assert(
    fc.property(graphs, (next) => {
      // Prepare
      const names = next.map((_, index) => `s${index}`);
      const flow = flowOf(
        Object.fromEntries(next.map((targets, index) => [`s${index}`, targets.map((to) => `s${to}`)])),
      );
      const way = closure(next.length, next);
      const unreachable = names.filter((_, index) => index > 0 && !way[0]?.[index]);
      const endless = names.filter(
        (_, index) =>
          next[index]?.length !== 0 &&
          !next.some((targets, end) => targets.length === 0 && way[index]?.[end]),
      );

      // Act
      const attempt = () => checkFlow("send", "s0", flow);

      // Assess
      if (unreachable.length > 0) {
        seen.unreachable += 1;
        expect(attempt).toThrow(UnreachableState);
        expect(attempt).toThrow(`from s0 to ${unreachable.join(", ")};`);
      } else if (endless.length > 0) {
        seen.endless += 1;
        expect(attempt).toThrow(EndlessState);
        expect(attempt).toThrow(`from ${endless.join(", ")} to a state`);
      } else {
        seen.taken += 1;
        expect(attempt).not.toThrow();
      }
    }),
    { numRuns: 500 },
  );
  expect(Object.values(seen).every((count) => count > 5)).toBe(true);
});
