import { type ExecFileException, execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const LOCAL = path.join(__dirname, "../../local");

/** Stands in for npm: counts its calls and, unless told to fail, installs what package-lock.json names. */
const FAKE_NPM = `
  const fs = require("node:fs");
  fs.appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
  if (process.env.FAKE_NPM_FAILS) process.exit(7);
  const { packages } = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
  delete packages[""];
  for (const folder of Object.keys(packages)) fs.mkdirSync(folder, { recursive: true });
  setTimeout(() => fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages })), 100);`;

let project: string;
let npm: string;

beforeEach(() => {
  project = fs.mkdtempSync(path.join(os.tmpdir(), "gallery-install-"));
  npm = path.join(project, "npm-cli.js");
  fs.writeFileSync(npm, FAKE_NPM);
  fs.mkdirSync(path.join(project, "local"));
  for (const file of ["install.mjs", "lock.js"]) {
    fs.copyFileSync(path.join(LOCAL, file), path.join(project, "local", file));
  }
  fs.writeFileSync(path.join(project, "package.json"), JSON.stringify({ dependencies: { a: "1.0.0" } }));
  lockVersion("1.0.0");
});

afterEach(() => fs.rmSync(project, { recursive: true }));

function lockVersion(version: string): void {
  const packages = {
    "": { dependencies: { a: version } },
    "node_modules/a": { version, integrity: "sha512-a" },
    "node_modules/elsewhere": { version, optional: true, os: ["elsewhere"] },
  };
  fs.writeFileSync(path.join(project, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
}

/** What a person's own npm command leaves. */
function installByHand(version: string, more: object = {}): void {
  fs.mkdirSync(path.join(project, "node_modules/a"), { recursive: true });
  const packages = { "node_modules/a": { version, integrity: "sha512-a", ...more } };
  fs.writeFileSync(path.join(project, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
}

interface Outcome {
  code: ExecFileException["code"] | 0;
  stderr: string;
}

function install(env: Record<string, string> = {}, nodeArgs: string[] = []): Promise<Outcome> {
  const args = [...nodeArgs, path.join(project, "local/install.mjs")];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { env: { PATH: process.env.PATH, npm_execpath: npm, ...env } },
      (error, _, stderr) => resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}

function npmCalls(): string[] {
  const file = path.join(project, "npm-calls");
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
}

test("missing packages are installed once", async () => {
  const first = await install();
  const second = await install();

  expect([first.code, second.code]).toEqual([0, 0]);
  expect(npmCalls()).toEqual([expect.stringMatching(/^ci .*--include=dev/)]);
  expect(first.stderr).toContain("npm ci");
  expect(second.stderr).toBe("");
});

test("a half made node_modules is replaced", async () => {
  fs.mkdirSync(path.join(project, "node_modules/a"), { recursive: true });

  const { code } = await install();

  expect(code).toBe(0);
  expect(npmCalls()).toHaveLength(1);
});

test("another package-lock.json installs anew", async () => {
  await install();
  lockVersion("2.0.0");

  await install();

  expect(npmCalls()).toHaveLength(2);
});

test("what npm has installed by hand is taken as it is", async () => {
  installByHand("1.0.0");

  const { code } = await install();

  expect(code).toBe(0);
  expect(npmCalls()).toEqual([]);
});

test.each([
  ["another version", () => installByHand("0.9.0")],
  ["another platform's packages", () => installByHand("1.0.0", { os: ["elsewhere"] })],
  [
    "a package removed from disk",
    () => {
      installByHand("1.0.0");
      fs.rmSync(path.join(project, "node_modules/a"), { recursive: true });
    },
  ],
])("what is installed by hand is replaced when it has %s", async (_, prepare) => {
  prepare();

  await install();

  expect(npmCalls()).toHaveLength(1);
});

test("two at once install once", async () => {
  const outcomes = await Promise.all([install(), install()]);

  expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
  expect(npmCalls()).toHaveLength(1);
  expect(fs.readdirSync(path.join(project, ".local"))).toEqual([]);
});

test("a lock left by a killed process is taken over", async () => {
  fs.mkdirSync(path.join(project, ".local"));
  fs.writeFileSync(path.join(project, ".local/install.lock"), JSON.stringify({ pid: 2 ** 30, id: "gone" }));

  const { code } = await install();

  expect(code).toBe(0);
});

test("a failure says what, where and what to do, and the next start tries again", async () => {
  const failed = await install({ FAKE_NPM_FAILS: "1" });
  const retried = await install();

  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(`npm ci failed in ${fs.realpathSync(project)}: it ended with code 7;`);
  expect(failed.stderr).toContain("check network, proxy");
  expect(retried.code).toBe(0);
});

test("npm itself without a network ends in the same message", async () => {
  const { code, stderr } = await install({
    npm_execpath: "",
    npm_config_registry: "http://127.0.0.1:9",
    npm_config_fetch_retries: "0",
    npm_config_cache: path.join(project, "cache"),
  });

  expect(code).toBe(1);
  expect(stderr).toContain("check network, proxy");
});

test("a Node that is too old is named with the one that is needed", async () => {
  const old = path.join(project, "old.js");
  fs.writeFileSync(
    old,
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.19.1" } });`,
  );

  const { code, stderr } = await install({}, ["--require", old]);

  expect(code).toBe(1);
  expect(stderr).toMatch(/Node 18\.19\.1 .* too old[\s\S]*Install Node 20 or newer/);
  expect(npmCalls()).toEqual([]);
});
