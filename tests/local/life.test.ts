import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { eventually, type RunningCloud, runToEnd, startCloud } from "./local-cloud";
import { descendants, running } from "./processes";
import { type TemporaryProgram, temporaryProgram } from "./temporary-program";

const index = `
import { greeting } from "./greeting";
const notes = new Table("notes", { attributes: { id: "S" }, key: { partition: "id" } });
const users = new UserPool("users");
const api = new HttpApi("api", { users, throttle: { rate: 100, burst: 100 } });
const route = (id: string) =>
  ({ id, method: "GET", path: \`/\${id}\`, summary: id, access: "anyone" }) as const;
api.route(route("greet"), async () => ({ statusCode: 200, body: greeting() }));
api.route(route("count"), async () => {
  const { Attributes } = await notes.sdk.UpdateItem({
    Key: { id: { S: "1" } },
    UpdateExpression: "ADD calls :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
    ReturnValues: "ALL_NEW",
  });
  return { statusCode: 200, body: Attributes?.calls?.N };
});
export const url = api.url;
`;
const greeting = (text: string) => `export const greeting = () => "${text}";\n`;

let program: TemporaryProgram;
let cloud: RunningCloud | undefined;
beforeEach(() => {
  program = temporaryProgram(index, { "greeting.ts": greeting("hello") });
});
afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
  program.remove();
});

const start = async (...args: string[]) => {
  cloud = await startCloud(["--project", program.folder, ...args]);
  return cloud;
};
const get = async (route: string) => (await fetch(`${cloud?.outputs.url}${route}`)).text();

test("--once checks that routes answer, and ends with 0", async () => {
  const { code, output } = await runToEnd(["--once", "--project", program.folder]);

  expect(code).toBe(0);
  expect(output).toMatch(/GET http:\S+\/greet 200/);
});

test("a saved file is deployed; one that cannot be is told, and the last deployment serves on", async () => {
  const { output } = await start();
  expect(await get("greet")).toBe("hello");

  program.write("greeting.ts", greeting("good day"));
  await eventually(async () => ((await get("greet")) === "good day" ? true : undefined));
  expect(output()).toMatch(/Deployed in \d+ ms: api-greet\n/);

  program.write("greeting.ts", "export const greeting = () => {;");
  await eventually(async () => (output().includes("mend it and save again") ? true : undefined));
  expect(output()).toContain("greeting.ts");
  expect(await get("greet")).toBe("good day");

  program.write("Pulumi.dev.yaml", "config: [");
  await eventually(async () => (output().includes("Pulumi.dev.yaml is not valid YAML") ? true : undefined));
  program.write("Pulumi.dev.yaml", "config: {}\n");

  program.write("greeting.ts", greeting("good night"));
  await eventually(async () => ((await get("greet")) === "good night" ? true : undefined));
});

test("a resource added and removed while it runs is created and deleted", async () => {
  const { output } = await start();

  program.write(
    "index.ts",
    fs
      .readFileSync(path.join(program.folder, "index.ts"), "utf8")
      .replace('route("count")', 'route("tally")'),
  );
  await eventually(async () => (/^\d+$/.test(await get("tally")) ? true : undefined));

  await eventually(async () => (/Deployed in .*api-tally.*api-count/.test(output()) ? true : undefined));
  expect(JSON.parse(await get("count"))).toEqual({ message: "Not Found" });
});

test("Ctrl-C ends it with 0 and leaves no process", async () => {
  const { process: child, stop } = await start();
  const pids = descendants(child.pid ?? 0).map(({ pid }) => pid);
  expect(pids.length).toBeGreaterThan(1);

  expect(await stop()).toBe(0);

  await eventually(async () => (running(pids).length === 0 ? true : undefined));
});

test("killed, it leaves no process and no temporary folder", async () => {
  const before = new Set(fs.readdirSync(os.tmpdir()));
  const { process: child, stateDir } = await start();
  await get("greet");
  const pids = descendants(child.pid ?? 0).map(({ pid }) => pid);

  child.kill("SIGKILL");

  await eventually(async () => (running(pids).length === 0 ? true : undefined));
  await eventually(async () => (fs.existsSync(path.join(stateDir, "tmp")) ? undefined : true));
  const left = fs
    .readdirSync(os.tmpdir())
    .filter((name) => !before.has(name) && /ministack|gallery-(?!state)/.test(name));
  expect(left).toEqual([]);
});

test("an emulator that dies midway ends it with 1 and the reason", async () => {
  const { process: child, output } = await start();
  const emulator = descendants(child.pid ?? 0).find(({ command }) =>
    /python.*(ministack|emulator\.py)/.test(command),
  );

  process.kill(emulator?.pid ?? 0, "SIGKILL");

  await eventually(async () => child.exitCode ?? undefined);
  expect(child.exitCode).toBe(1);
  expect(output()).toMatch(/The emulator ended/);
});

test("--keep keeps data and addresses over a restart, whatever is started without it in between", async () => {
  const stateDir = fs.mkdtempSync(path.join(os.tmpdir(), "gallery-state-"));
  try {
    const args = ["--project", program.folder, "--keep"];
    cloud = await startCloud(args, stateDir);
    const counted = Number(await get("count"));
    const { url } = cloud.outputs;
    await cloud.stop();
    cloud = await startCloud(args.slice(0, 2), stateDir);
    expect(cloud.outputs.url?.split("/_aws")[1]).not.toBe(url?.split("/_aws")[1]);
    await cloud.stop();

    cloud = await startCloud(args, stateDir);

    expect(cloud.outputs.url?.split("/_aws")[1]).toBe(url?.split("/_aws")[1]);
    // Each start's self-check counts as well.
    expect(Number(await get("count"))).toBe(counted + 2);
  } finally {
    await cloud?.stop();
    cloud = undefined;
    fs.rmSync(stateDir, { recursive: true, force: true });
  }
});
