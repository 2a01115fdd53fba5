import { Chain } from "../../../local/front-door/chain";
import type { Interceptor } from "../../../local/front-door/interceptor";
import { jsonReply } from "../../../local/front-door/reply";
import { exchangeOf, textOf } from "./exchange";

const OUTCOME = { status: 200, durationMs: 1, sentBytes: 0, aborted: false };

/** Says what it sees; `overrides` may answer. */
function spy(name: string, seen: string[], overrides: Partial<Interceptor> = {}): Interceptor {
  return {
    name,
    before: () => void seen.push(`before ${name}`),
    after: () => void seen.push(`after ${name}`),
    done: () => void seen.push(`done ${name}`),
    ...overrides,
  };
}

test("inwards, emulator, outwards", async () => {
  const seen: string[] = [];
  const chain = new Chain([spy("a", seen), spy("b", seen)]);
  const exchange = await exchangeOf({});
  const reply = await chain.answer(exchange, async () => {
    seen.push("emulator");
    return jsonReply(200, {});
  });
  chain.done(exchange, OUTCOME);

  expect(reply.status).toBe(200);
  expect(seen).toEqual(["before a", "before b", "emulator", "after b", "after a", "done a", "done b"]);
});

test("who answers ends the way inwards; only rings further out see the answer, all see the end", async () => {
  const seen: string[] = [];
  const emulator = jest.fn();
  const chain = new Chain([
    spy("a", seen),
    spy("b", seen, { before: async () => jsonReply(429, {}) }),
    spy("c", seen),
  ]);
  const exchange = await exchangeOf({});

  expect((await chain.answer(exchange, emulator)).status).toBe(429);
  chain.done(exchange, OUTCOME);
  expect(emulator).not.toHaveBeenCalled();
  expect(seen).toEqual(["before a", "after a", "done a", "done b", "done c"]);
});

test("an answer may be replaced, which lets the first one go", async () => {
  const first = jsonReply(502, {});
  const discard = jest.spyOn(first.body, "discard");
  const chain = new Chain([{ name: "a", after: () => jsonReply(500, {}) }]);

  expect((await chain.answer(await exchangeOf({}), async () => first)).status).toBe(500);
  expect(discard).toHaveBeenCalled();
});

test("an answer may keep its body", async () => {
  const first = jsonReply(200, { a: 1 });
  const discard = jest.spyOn(first.body, "discard");
  const chain = new Chain([{ name: "a", after: (_exchange, reply) => ({ ...reply, status: 201 }) }]);
  const reply = await chain.answer(await exchangeOf({}), async () => first);

  expect([reply.status, await textOf(reply)]).toEqual([201, '{"a":1}']);
  expect(discard).not.toHaveBeenCalled();
});

test.each(["before", "after"] as const)("a plug-in that fails %s is named in the answer", async (when) => {
  const seen: string[] = [];
  const fail = () => {
    throw new Error("no luck");
  };
  const chain = new Chain([spy("outer", seen), { name: "broken", [when]: fail }]);
  const reply = await chain.answer(await exchangeOf({}), async () => jsonReply(200, {}));

  expect(reply.status).toBe(500);
  expect(await textOf(reply)).toMatch(/interceptor \\"broken\\" failed: Error: no luck/);
  expect(seen).toEqual(["before outer", "after outer"]);
});

test("an observer that fails is a warning", async () => {
  const warned = jest.spyOn(process, "emitWarning").mockImplementation(() => {});
  const seen: string[] = [];
  const fail = () => {
    throw new Error("no luck");
  };
  new Chain([{ name: "broken", done: fail }, spy("b", seen)]).done(await exchangeOf({}), OUTCOME);

  expect(warned).toHaveBeenCalledWith(expect.stringContaining('"broken"'));
  expect(seen).toEqual(["done b"]);
  warned.mockRestore();
});

test("plug-ins stop with it", async () => {
  const stop = jest.fn();
  await new Chain([{ name: "a", stop }, { name: "b" }]).stop();

  expect(stop).toHaveBeenCalledTimes(1);
});
