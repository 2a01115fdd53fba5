import { toModule } from "../../../components/closure/module";

const convert = (text: string) => toModule(text, (path) => path.replace("/dist/index.js", ""));
/** What Pulumi's serialiser writes around a function with captured variables. */
const serialised = (captured: string, code: string, applied = "undefined, undefined") =>
  `function __f0() {
  return (function() {
    with({ ${captured} }) {

return ${code};

    }
  }).apply(${applied}).apply(this, arguments);
}
`;

test("captured variables become parameters", () => {
  const module = convert(serialised("a: __a, b: 2, this: undefined, arguments: undefined", "() => a + b"));

  expect(module).not.toContain("with");
  expect(module).toMatch(
    /\(function\(a, b\) \{[\s\S]*return \(\) => a \+ b;[\s\S]*\}\)\.call\(undefined, __a, 2\)/,
  );
});

test("a captured `this` is kept", () => {
  const module = convert(
    serialised("this: __self, arguments: undefined", "() => this.x", "__self, undefined"),
  );

  expect(module).toContain(".call(__self)");
});

test("captured `arguments` are refused with the way out", () => {
  const text = serialised("arguments: __args", "() => arguments[0]", "undefined, __args");

  expect(() => convert(text)).toThrow(/rest parameter/);
});

test("a module used by its members is imported, so that the rest of it can be left out", () => {
  const module = convert(`const sdk = require("sdk/dist/index.js");\n${serialised("", "() => sdk.Client")}`);

  expect(module).toContain('import * as sdk from "sdk"');
});

test("a module used as a whole is required", () => {
  const module = convert(`const sdk = require("sdk");\n${serialised("", "() => sdk()")}`);

  expect(module).toContain('const sdk = require("sdk")');
});

test("the handler is exported, made by its factory where it has one", () => {
  expect(convert("exports.handler = __f0;")).toBe("export const handler = __f0;");
  expect(convert("exports.handler = __f0();")).toBe("export const handler = __f0();");
});

test("a word `with` in a string or comment stays", () => {
  const text = serialised("", '() => "with ({ a: 1 }) { return 2; }" /* with */');

  expect(convert(text)).toContain('"with ({ a: 1 }) { return 2; }" /* with */');
});
