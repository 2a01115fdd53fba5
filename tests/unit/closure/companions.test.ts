import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { unzipSync } from "fflate";

pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });

import { build } from "../../../components/closure/artefact";
import { bundleAll } from "../../../components/closure/bundle";
import { capture } from "../../../components/closure/capture";
import { LambdaFunction } from "../../../components/function";
import { renderer } from "../../../handlers/media/picture/render";
import type { RenditionName } from "../../../handlers/media/picture/renditions";
import { isUnusable } from "../../../handlers/media/picture/unusable";
import { packageOf } from "../../../local/aws/archive";
import { colours, type Pictures, pictures } from "../../pictures";
import { invoke } from "./invoke";

interface Event {
  readonly file: string;
  readonly name: RenditionName;
}

/** Renders a picture given in base 64, and tells of one that cannot be. */
const renderPicture = {
  factory: () => {
    const ready = renderer();
    return async ({ file, name }: Event) => {
      try {
        const { bytes, ...about } = await (await ready).render(Buffer.from(file, "base64"), name);
        return { ...about, file: Buffer.from(bytes).toString("base64") };
      } catch (error) {
        if (!isUnusable(error)) {
          throw error;
        }
        return { refused: error.message };
      }
    };
  },
};
const greet = async () => "hello";

let made: Pictures;
beforeAll(async () => {
  made = await pictures();
});
afterAll(() => made.close());

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

describe("a callback that uses a package with files of its own", () => {
  test("renders pictures in a process that has nothing but the artefact", async () => {
    const artefact = await build("render", renderPicture);
    const file = base64(made.fromCamera(800, 600));

    const result = await invoke(artefact, [{ file, name: "thumbnail" }]);

    expect(result).toMatchObject({ width: 240, height: 320, contentType: "image/jpeg" });
    const { at } = made.look(Buffer.from((result as Event).file, "base64"));
    const [red = 0, green = 0, blue = 0] = at(0.75, 0.25);
    expect(Math.hypot(red - colours.red[0], green - colours.red[1], blue - colours.red[2])).toBeLessThan(6);
  });

  test("readies the package once for all calls of its container", async () => {
    const counted = `
      let threads = 0;
      process.on("worker", () => { threads += 1; });
      process.on("exit", () => { if (threads !== 1) throw new Error(threads + " threads"); });`;
    const file = base64(made.quarters(64, 48, ".webp"));
    const half = base64(made.grain(64, 48, ".png").subarray(0, 2000));

    const result = await invoke(
      await build("render", renderPicture),
      [
        { file, name: "web" },
        { file, name: "print" },
        { file: half, name: "web" },
      ],
      {},
      counted,
    );

    expect(result).toEqual({ refused: "The picture is damaged or was not sent completely." });
  });

  test("gets those files and no others, now and from the cache", async () => {
    const names = ["lib/vips-node.js", "lib/vips.wasm", "package.json"].map(
      (file) => `node_modules/wasm-vips/${file}`,
    );
    const { text } = await capture("render", renderPicture);

    const [bundle] = await bundleAll([text]);
    const artefact = await build("render", renderPicture);

    expect(bundle?.packages).toEqual(["wasm-vips"]);
    expect(artefact.code).toBe(bundle?.code);
    expect(Object.keys(artefact.files)).toEqual(names);
    expect(Object.keys((await build("render", renderPicture)).files)).toEqual(names);
    // The package stays where it is: the code has no part of it.
    expect(artefact.code.length).toBeLessThan(10_000);
  });

  test("leaves others without, also when they are bundled together", async () => {
    const texts = await Promise.all(
      [renderPicture, greet].map(async (each) => (await capture("one", each)).text),
    );

    const [, other] = await bundleAll(texts);

    expect(other?.packages).toEqual([]);
    expect((await build("greet", greet)).files).toEqual({});
  });
});

test("a function's package holds the code and the files beside it, the same bytes each time", async () => {
  const code = (name: string) =>
    new Promise((resolve) =>
      new LambdaFunction(name, { handler: renderPicture }).nodes.function.code.apply((archive) =>
        resolve(archive),
      ),
    );

  const [one, other] = await Promise.all([code("one").then(packageOf), code("other").then(packageOf)]);

  const files = unzipSync(one);
  const { files: beside } = await build("render", renderPicture);
  expect(Object.keys(files)).toEqual(["index.js", ...Object.keys(beside)]);
  for (const [name, file] of Object.entries(beside)) {
    expect(Buffer.compare(files[name] ?? Buffer.alloc(0), fs.readFileSync(path.resolve(file)))).toBe(0);
  }
  expect(Buffer.compare(one, other)).toBe(0);
  expect(one.length).toBeLessThan(2_500_000);
});
