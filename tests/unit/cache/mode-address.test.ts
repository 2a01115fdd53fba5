import type { Mode } from "../../../local/cache/connection";
import { ModeAddress } from "../../../local/cache/mode-address";
import { exchangeOf, textOf } from "../front-door/exchange";

function address() {
  const set: Mode[] = [];
  const caches = {
    get mode() {
      return set.at(-1) ?? "up";
    },
    async setMode(mode: Mode) {
      set.push(mode);
    },
  };
  const ask = async (method: string, body = "", url = "/_gallery/cache") => {
    const reply = await new ModeAddress(caches).before(await exchangeOf({ method, url, body }));
    return reply && { status: reply.status, body: JSON.parse(await textOf(reply)) };
  };
  return { set, ask };
}

test("the mode is read and set", async () => {
  const { set, ask } = address();

  expect(await ask("GET")).toEqual({ status: 200, body: { mode: "up" } });
  expect(await ask("PUT", '{"mode":"hang"}')).toEqual({ status: 200, body: { mode: "hang" } });
  expect(await ask("GET")).toEqual({ status: 200, body: { mode: "hang" } });
  expect(set).toEqual(["hang"]);
});

test.each(["", "down", '{"mode":"sideways"}', '{"mode":"down","for":1}', "x".repeat(2000)])(
  "%j sets nothing",
  async (body) => {
    const { set, ask } = address();

    expect(await ask("PUT", body)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('"up", "down", "hang", "garbage"') },
    });
    expect(set).toEqual([]);
  },
);

test("it is read and put, nothing else, and answers at its own address only", async () => {
  const { ask } = address();

  expect(await ask("DELETE")).toMatchObject({ status: 405 });
  expect(await ask("GET", "", "/_gallery/caches")).toBeUndefined();
});
