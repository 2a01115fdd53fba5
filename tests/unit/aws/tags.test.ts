import { retag, tagList } from "../../../local/aws/tags";

function recorder() {
  const calls: unknown[] = [];
  return {
    calls,
    tag: async (tags: unknown) => calls.push({ tag: tags }),
    untag: async (keys: unknown) => calls.push({ untag: keys }),
  };
}

test.each([
  ["nothing to nothing", undefined, undefined, []],
  ["the same", { a: "1" }, { a: "1" }, []],
  ["new ones", { a: "1" }, undefined, [{ tag: { a: "1" } }]],
  ["none any more", undefined, { a: "1" }, [{ untag: ["a"] }]],
  ["others", { b: "2", c: "3" }, { a: "1", b: "1", c: "3" }, [{ untag: ["a"] }, { tag: { b: "2" } }]],
])("%s takes only the calls it needs", async (_change, tags, old, expected) => {
  // Prepare
  const record = recorder();

  // Act
  await retag(tags, old, record);

  // Assess
  expect(record.calls).toEqual(expected);
});

test("no tags make no list", () => {
  // Assess
  expect(tagList({})).toBeUndefined();
  expect(tagList({ a: "1" })).toEqual([{ Key: "a", Value: "1" }]);
});
