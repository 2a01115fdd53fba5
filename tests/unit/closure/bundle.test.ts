import { bundleAll } from "../../../components/closure/bundle";

const lean = `const z = require("zod"); exports.handler = () => z.string();`;
const whole = `const z = require("zod"); exports.handler = () => Object.keys(z);`;

test("a callback's bundle does not depend on what is bundled with it", async () => {
  const [alone] = await bundleAll([lean]);

  const [, together] = await bundleAll([whole, lean]);

  expect(together?.code).toBe(alone?.code);
});

test("callbacks that use the same modules each get their own", async () => {
  const other = lean.replace("string", "number");

  const [first, second, again] = await bundleAll([lean, other, lean]);

  expect(first?.code).not.toBe(second?.code);
  expect(again).toEqual(first);
});
