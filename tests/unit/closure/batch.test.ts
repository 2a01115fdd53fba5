import { batched } from "../../../components/closure/batch";

function setUp() {
  const batches: number[][] = [];
  const double = batched(async (inputs: readonly number[]) => {
    batches.push([...inputs]);
    if (inputs.includes(13)) {
      throw new Error(`no luck with ${inputs.join()}`);
    }
    return inputs.map((input) => input * 2);
  }, 5);
  return { double, batches };
}

test("inputs that come together go together, and each gets its own output", async () => {
  const { double, batches } = setUp();

  expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6]);
  expect(await double(4)).toBe(8);
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

test("an error is told to the input it belongs to alone", async () => {
  const { double } = setUp();

  const results = await Promise.allSettled([1, 13, 2].map(double));

  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(results[1]).toMatchObject({ reason: new Error("no luck with 13") });
});
