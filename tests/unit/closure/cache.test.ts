import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cached, sha256 } from "../../../components/closure/cache";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "cache-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function setUp(salt = "salt") {
  const asked: string[] = [];
  const make = async (text: string) => {
    asked.push(text);
    return { code: `code of ${text}`, packages: [`package of ${text}`], sourceMap: "map" };
  };
  return { asked, get: cached(path.join(folder, "kept"), salt, make) };
}

const bundleOf = (text: string) => ({ code: `code of ${text}`, packages: [`package of ${text}`] });

test("makes a text's bundle once, also for a later run", async () => {
  const first = setUp();
  const later = setUp();

  expect(await first.get("a")).toEqual(bundleOf("a"));
  expect(await later.get("a")).toEqual(bundleOf("a"));

  expect([first.asked, later.asked]).toEqual([["a"], []]);
});

test("makes it anew for another text or salt", async () => {
  const first = setUp();
  await first.get("a");
  await first.get("b");
  const other = setUp("pepper");
  await other.get("a");

  expect([first.asked, other.asked]).toEqual([["a", "b"], ["a"]]);
});

test("keeps the source map by the code's hash", async () => {
  await setUp().get("a");

  expect(fs.readFileSync(path.join(folder, "kept", `${sha256("code of a")}.js.map`), "utf8")).toBe("map");
});

test("works without a disk to write to", async () => {
  fs.writeFileSync(path.join(folder, "kept"), "a file where the folder should be");

  expect(await setUp().get("a")).toEqual(bundleOf("a"));
});

test("makes anew what another program has spoilt", async () => {
  await setUp().get("a");
  const kept = path.join(folder, "kept");
  for (const name of fs.readdirSync(kept)) {
    fs.truncateSync(path.join(kept, name), 5);
  }

  expect(await setUp().get("a")).toEqual(bundleOf("a"));
});
