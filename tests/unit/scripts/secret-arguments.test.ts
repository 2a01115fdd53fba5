import * as fc from "fast-check";
import { EncryptionKey } from "../../../components/encryption-key";
import { commandFor, Secret } from "../../../components/secret";
import { InvalidArguments, parseArguments, usage } from "../../../scripts/secret/arguments";
import { parameterNameOf, setSecret } from "../../../scripts/secret/set";
import { evaluate } from "../program";
import { fakeStores } from "./secret-stores";

const options = { stack: "dev", local: false, state: ".local" };

test.each([
  [["set", "mail-key"], { action: "set", name: "mail-key", ...options }],
  [
    ["rotate", "mail-signing", "--stack", "prod"],
    { action: "rotate", name: "mail-signing", ...options, stack: "prod" },
  ],
  [["--local", "set", "a.b_c"], { action: "set", name: "a.b_c", ...options, local: true }],
  [["list", "--state", "/tmp/s"], { action: "list", ...options, state: "/tmp/s" }],
])("%j is understood", (argv, expected) => {
  expect(parseArguments(argv)).toEqual(expected);
});

test("help is no action", () => {
  expect(parseArguments(["set", "--help"])).toBeUndefined();
});

test.each([
  [[], /^nothing is no action/],
  [["get", "a"], /^get is no action/],
  [["set"], /^set needs the name of a secret/],
  [["set", "a", "value"], /^set takes one name; the value is never an argument/],
  [["rotate", "a", "b"], /^rotate takes one name\n/],
  [["list", "a"], /^list takes no name/],
  [["set", "a/b"], /^set "a\/b": a name has/],
  [["list", "--stack", "a/b"], /^--stack "a\/b"/],
  [["list", "--value", "v"], /--value/],
])("%j is refused with the usage", (argv, message) => {
  const attempt = () => parseArguments(argv);

  expect(attempt).toThrow(InvalidArguments);
  expect(attempt).toThrow(message);
  expect(attempt).toThrow(usage);
});

test("whatever is typed is understood or refused as such", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("set", "list", "--stack"))), (argv) => {
      try {
        parseArguments(argv);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidArguments);
      }
    }),
  );
});

describe("what components say of the command", () => {
  const args = async (action: "set" | "rotate") => {
    const made: string[] = [];
    await evaluate(() => {
      made.push(commandFor(action, "mail-key"));
      return {};
    });
    const [npm, run, script, separator, ...argv] = (made[0] ?? "").split(" ");
    expect([npm, run, script, separator]).toEqual(["npm", "run", "secret", "--"]);
    return parseArguments(argv);
  };

  test.each(["set", "rotate"] as const)("the command to %s is one", async (action) => {
    expect(await args(action)).toEqual({ action, name: "mail-key", ...options, stack: "test" });
  });

  test("it sets the parameter that functions read, under the stack's key", async () => {
    const made: { parameterName?: string; alias?: string } = {};
    await evaluate(() => {
      const key = new EncryptionKey("secrets");
      made.alias = key.alias;
      made.parameterName = new Secret("mail-key", { key }).parameterName;
      return {};
    });
    const { stores, calls } = fakeStores({ PutParameter: () => ({ Version: 1 }) });
    const owner = { name: "gallery", stack: "test", region: "eu-west-1" };

    await setSecret({ ...stores, owner }, "mail-key", "v");

    expect(made.parameterName).toBe(parameterNameOf(owner, "mail-key"));
    expect(calls).toEqual([
      ["PutParameter", expect.objectContaining({ Name: made.parameterName, KeyId: made.alias })],
    ]);
  });
});
