import * as fs from "node:fs";
import { build, Unbundlable } from "../../../components/closure/artefact";
import { capture } from "../../../components/closure/capture";

const cache = new Map([["a", 1]]);
const seen = new Set(["a"]);
const weakly = new WeakMap();
const weakSet = new WeakSet();
const started = new Date(0);
const secret = Buffer.from("s");
const bytes = new Uint8Array(2);
const memory = new ArrayBuffer(2);
const home = new URL("https://gallery.example");
const settings = { since: new Date(0) };
const isCached = async () => cache.has("a");

/** Line of this file that ends with a mark. */
const lineOf = (mark: string) =>
  fs
    .readFileSync(__filename, "utf8")
    .split("\n")
    .findIndex((line) => line.endsWith(`// ${mark}`)) + 1;

describe("an object whose content is not in its properties is refused by name, not taken without it", () => {
  test.each([
    ["Map", "cache", async () => cache.get("a")],
    ["Set", "seen", async () => seen.has("a")],
    ["WeakMap", "weakly", async () => weakly.has(seen)],
    ["WeakSet", "weakSet", async () => weakSet.has(seen)],
    ["Date", "started", async () => started.getTime()],
    ["Buffer", "secret", async () => secret.toString()],
    ["typed array", "bytes", async () => bytes[0]],
    ["ArrayBuffer", "memory", async () => memory.slice(1)],
    ["URL", "home", async () => home.href],
    ["Map", "cache", async () => isCached()],
    ["Map", "cache", { factory: () => async () => cache.size }],
  ])("a %s", async (kind, variable, callback) => {
    const attempt = capture("list", callback);

    await expect(attempt).rejects.toThrow(`list: the callback captures \`${variable}\` (`);
    await expect(attempt).rejects.toThrow(`the content of a ${kind} is not in its properties`);
    await expect(attempt).rejects.toThrow(`{ factory: () => { const ${variable} = …;`);
  });

  test("with the line that uses it", async () => {
    const callback = async () => {
      const key = "a";
      return cache.get(key); // the use
    };

    await expect(capture("list", callback)).rejects.toThrow(
      `\`cache\` (tests/unit/closure/capture.test.ts:${lineOf("the use")})`,
    );
  });

  test("without a name where it is a part of what is captured", async () => {
    await expect(capture("list", async () => settings.since)).rejects.toThrow(
      /^list: the callback captures a value, which .*content of a Date/,
    );
  });
});

test("what a factory makes may be of any kind", async () => {
  const callback = {
    factory: () => {
      const made = new Map([["a", new Date(0)]]);
      return async () => made.get("a");
    },
  };

  await expect(capture("list", callback)).resolves.toMatchObject({ grants: [] });
});

describe("a class that does not survive serialisation fails with the function's name and the way out", () => {
  class Counter {
    #count = 0;
    next() {
      this.#count += 1;
      return this.#count;
    }
  }
  class Greeter {
    greet() {
      return "hello";
    }
  }
  class Polite extends Greeter {
    override greet() {
      return `${super.greet()}, please`;
    }
  }
  const counter = new Counter();
  const polite = new Polite();

  test.each([
    ["private fields", async () => counter.next(), "#count"],
    ["super", async () => polite.greet(), "super"],
  ])("%s", async (_, callback, problem) => {
    const attempt = build("list", callback);

    await expect(attempt).rejects.toThrow(
      /^list: the callback cannot be bundled: .*make the object in a factory/,
    );
    await expect(attempt).rejects.toThrow(problem);
  });

  test("another problem is told without that way out", () => {
    const { message } = new Unbundlable("list", new Error("Could not resolve"));

    expect(message).toBe("list: the callback cannot be bundled: Could not resolve");
  });

  test("defined in a factory, it does", async () => {
    const callback = {
      factory: () => {
        class Own {
          #count = 0;
          next() {
            this.#count += 1;
            return this.#count;
          }
        }
        const own = new Own();
        return async () => own.next();
      },
    };

    await expect(build("list", callback)).resolves.toMatchObject({ grants: [] });
  });
});
