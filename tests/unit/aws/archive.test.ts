import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { asset } from "@pulumi/pulumi";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { packageOf, UnreadableArchive } from "../../../local/aws/archive";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "archive-"));
});

afterEach(() => rm(directory, { recursive: true }));

async function texts(archive: unknown): Promise<Record<string, string>> {
  const files = Object.entries(unzipSync(await packageOf(archive)));
  return Object.fromEntries(files.map(([name, bytes]) => [name, strFromU8(bytes)]));
}

/** Unix permissions of the entries, in the order of the central directory. */
function permissions(zip: Uint8Array): number[] {
  const bytes = Buffer.from(zip);
  const found: number[] = [];
  for (let at = bytes.indexOf("PK\x01\x02"); at >= 0; at = bytes.indexOf("PK\x01\x02", at + 4)) {
    found.push((bytes.readUInt32LE(at + 38) >>> 16) & 0o777);
  }
  return found;
}

test("equal files make equal packages, in whatever order and whenever", async () => {
  // Prepare
  const one = new asset.StringAsset("1");
  const two = new asset.StringAsset("2");

  // Act
  const first = await packageOf(new asset.AssetArchive({ "a.js": one, "b.js": two }));
  jest.useFakeTimers({ now: Date.now() + 86_400_000, doNotFake: ["nextTick", "setImmediate"] });
  const second = await packageOf(new asset.AssetArchive({ "b.js": two, "a.js": one }));
  jest.useRealTimers();

  // Assess
  expect(Buffer.from(second)).toEqual(Buffer.from(first));
});

test("an archive of assets holds text, files, directories and ZIP files", async () => {
  // Prepare
  const file = path.join(directory, "tool");
  const zip = path.join(directory, "lib.zip");
  await mkdir(path.join(directory, "tree", "deep"), { recursive: true });
  await writeFile(path.join(directory, "tree", "deep", "leaf.txt"), "leaf");
  await writeFile(file, "#!/bin/sh");
  await chmod(file, 0o755);
  await writeFile(zip, zipSync({ "inner.js": strToU8("inner") }));
  const archive = new asset.AssetArchive({
    "index.js": new asset.StringAsset("main"),
    bin: new asset.FileAsset(file),
    "file.txt": new asset.RemoteAsset(`file://${file}`),
    lib: new asset.FileArchive(zip),
    tree: new asset.FileArchive(path.join(directory, "tree")),
    nested: new asset.AssetArchive({ "a.txt": new asset.StringAsset("a") }),
  });

  // Act
  const contents = await texts(archive);
  const modes = permissions(await packageOf(archive));

  // Assess
  expect(contents).toEqual({
    bin: "#!/bin/sh",
    "file.txt": "#!/bin/sh",
    "index.js": "main",
    "lib/inner.js": "inner",
    "nested/a.txt": "a",
    "tree/deep/leaf.txt": "leaf",
  });
  expect(modes).toEqual([0o755, 0o644, 0o644, 0o644, 0o644, 0o644]);
});

test("a directory is packed, a ZIP file is taken as it is", async () => {
  // Prepare
  const zip = zipSync({ "index.js": strToU8("ready") }, { level: 0 });
  await writeFile(path.join(directory, "code.zip"), zip);

  // Act
  const ready = await packageOf(new asset.FileArchive(path.join(directory, "code.zip")));
  const packed = await texts(new asset.FileArchive(directory));

  // Assess
  expect(Buffer.from(ready)).toEqual(Buffer.from(zip));
  expect(Object.keys(packed)).toEqual(["code.zip"]);
});

test.each([
  ["no archive", () => "text"],
  ["a file of another format", () => new asset.FileArchive(__filename)],
  ["what is no asset", () => ({ assets: Promise.resolve({ "index.js": {} }) })],
])("%s is refused", async (_what, archive) => {
  // Act
  const packing = packageOf(archive());

  // Assess
  await expect(packing).rejects.toThrow(UnreadableArchive);
});
