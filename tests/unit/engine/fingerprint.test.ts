import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { asset } from "@pulumi/pulumi";
import { changedInputs, fingerprints } from "../../../local/engine/fingerprint";

const archive = (text: string) => new asset.AssetArchive({ "index.js": new asset.StringAsset(text) });

test("an input's fingerprint does not depend on the order of keys", async () => {
  const [one, other] = [
    await fingerprints({ a: { x: 1, y: [2] } }),
    await fingerprints({ a: { y: [2], x: 1 } }),
  ];

  expect(one).toEqual(other);
});

test("an asset counts by what it holds", async () => {
  const [first, same, other] = await Promise.all(
    ["a", "a", "b"].map((text) => fingerprints({ code: archive(text), timeout: 3 })),
  );

  expect(same).toEqual(first);
  expect(changedInputs(first ?? {}, other ?? {})).toEqual(["code"]);
});

test("a folder counts by its files' names and contents", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fingerprint-"));
  const print = async () => (await fingerprints({ code: new asset.FileArchive(folder) })).code;
  try {
    fs.writeFileSync(path.join(folder, "a"), "1");
    const first = await print();
    fs.renameSync(path.join(folder, "a"), path.join(folder, "b"));

    expect(await print()).not.toBe(first);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("an input that appears or goes has changed; one that is undefined is not there", () => {
  expect(changedInputs({ a: "1", b: "1" }, { a: "1", c: "1" })).toEqual(["b", "c"]);
});
