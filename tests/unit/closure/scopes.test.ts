import * as v8 from "@pulumi/pulumi/runtime/closure/v8";
import { capture } from "../../../components/closure/capture";

const questions = v8 as unknown as {
  lookupCapturedVariableValueAsync(fn: object, variable: string, throwOnFailure: boolean): Promise<unknown>;
};

let greeting = "hello";
const greet = () => greeting;

test("a variable that has changed since is captured as it is now", async () => {
  const before = await capture("first", async () => greet());
  greeting = "good evening";
  await new Promise(setImmediate);
  const after = await capture("second", async () => greet());

  expect(before.text).toContain('greeting: "hello"');
  expect(after.text).toContain('greeting: "good evening"');
});

test("the innermost of variables of one name is the one", async () => {
  const outer = "outer";
  const make = (name: string) => () => `${name} of ${outer}`;
  const fn = make("inner");

  expect(await questions.lookupCapturedVariableValueAsync(fn, "name", true)).toBe("inner");
  expect(await questions.lookupCapturedVariableValueAsync(fn, "outer", true)).toBe("outer");
});

test("a variable that is nowhere is an error, or undefined where the serialiser says so", async () => {
  await expect(questions.lookupCapturedVariableValueAsync(greet, "nowhere", true)).rejects.toThrow("nowhere");
  expect(await questions.lookupCapturedVariableValueAsync(greet, "nowhere", false)).toBeUndefined();
});

test("functions of many captures are told apart, also at the same time", async () => {
  const functions = Array.from({ length: 50 }, (_, index) => () => index);

  const texts = await Promise.all(
    functions.map(async (fn) => (await capture("many", async () => fn())).text),
  );

  expect(texts.map((text) => /index: (\d+)/.exec(text)?.[1])).toEqual(
    functions.map((_, index) => `${index}`),
  );
});
