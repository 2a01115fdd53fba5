import { Additions, TooLate } from "../../../components/additions";

test("all that a program adds while it runs is told, in its order", async () => {
  const parts = new Additions<string>("the list");
  parts.add("first");
  const all = parts.all();
  parts.checkOpen("second", "add");
  parts.add("second");

  expect(await all).toEqual(["first", "second"]);
});

test("what comes later is refused, with its name, the method and what to do", async () => {
  const parts = new Additions<string>("the list");
  await parts.all();

  const attempt = () => parts.checkOpen("third", "add");

  expect(attempt).toThrow(TooLate);
  expect(attempt).toThrow(/^third: add\(\) comes too late, the list is described already; call it while/);
});

test("as long as nobody has asked for all, there is no too late", async () => {
  const parts = new Additions<string>("the list");
  await new Promise((resolve) => setImmediate(resolve));

  expect(() => parts.checkOpen("third", "add")).not.toThrow();
});
