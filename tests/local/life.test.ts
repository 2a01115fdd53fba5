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
let cloud: RunningCloud;
/** What a cloud has for its temporary files. */
let temporary: string;
beforeAll(() => {
  program = temporaryProgram(index, { "greeting.ts": greeting("hello") });
  temporary = fs.mkdtempSync(path.join(os.tmpdir(), "gallery-life-"));
  process.env.TMPDIR = temporary;
});
afterAll(() => {
  program.remove();
  fs.rmSync(temporary, { recursive: true, force: true });
});

const project = () => ["--project", program.folder];
const get = async (route: string) => (await fetch(`${cloud.outputs.url}${route}`)).text();
const processesOf = ({ process: { pid } }: RunningCloud) => descendants(pid ?? 0);
const ended = (pids: readonly number[]) =>
  eventually(async () => (running(pids).length === 0 ? true : undefined));

test("--once checks that routes answer, and ends with 0", async () => {
  const { code, output } = await runToEnd(["--once", ...project()]);

  expect(code).toBe(0);
  expect(output).toMatch(/GET http:\S+\/greet 200/);
});

// The tests of each group share a cloud, which the last one ends.
describe("over restarts", () => {
  let stateDir: string;
  let counted: number;
  let url: string | undefined;
  beforeAll(() => {
    stateDir = fs.mkdtempSync(path.join(os.tmpdir(), "gallery-state-"));
  });
  afterAll(async () => {
    await cloud?.stop();
    fs.rmSync(stateDir, { recursive: true, force: true });
  });

  test("Ctrl-C ends it with 0 and leaves no process", async () => {
    cloud = await startCloud([...project(), "--keep"], stateDir);
    counted = Number(await get("count"));
    url = cloud.outputs.url;
    const pids = processesOf(cloud).map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThan(1);

    expect(await cloud.stop()).toBe(0);

    await ended(pids);
  });

  test("--keep keeps data and addresses, whatever is started without it in between", async () => {
    cloud = await startCloud(project(), stateDir);
    expect(cloud.outputs.url?.split("/_aws")[1]).not.toBe(url?.split("/_aws")[1]);
    await cloud.stop();

    cloud = await startCloud([...project(), "--keep"], stateDir);

    expect(cloud.outputs.url?.split("/_aws")[1]).toBe(url?.split("/_aws")[1]);
    // Each start's self-check counts as well.
    expect(Number(await get("count"))).toBe(counted + 2);
  });

  test("an emulator that dies midway ends it with 1 and the reason", async () => {
    const { process: child, output } = cloud;
    const emulator = processesOf(cloud).find(({ command }) =>
      /python.*(ministack|emulator\.py)/.test(command),
    );

    process.kill(emulator?.pid ?? 0, "SIGKILL");

    await eventually(async () => child.exitCode ?? undefined);
    expect(child.exitCode).toBe(1);
    expect(output()).toMatch(/The emulator ended/);
  });
});

describe("while it runs", () => {
  beforeAll(async () => {
    cloud = await startCloud(project());
  });
  afterAll(() => cloud?.stop());

  test("a saved file is deployed; one that cannot be is told, and the last deployment serves on", async () => {
    expect(await get("greet")).toBe("hello");

    program.write("greeting.ts", greeting("good day"));
    await eventually(async () => ((await get("greet")) === "good day" ? true : undefined));
    expect(cloud.output()).toMatch(/Deployed in \d+ ms: api-greet\n/);

    program.write("greeting.ts", "export const greeting = () => {;");
    await eventually(async () => (cloud.output().includes("mend it and save again") ? true : undefined));
    expect(cloud.output()).toContain("greeting.ts");
    expect(await get("greet")).toBe("good day");

    program.write("Pulumi.dev.yaml", "config: [");
    await eventually(async () =>
      cloud.output().includes("Pulumi.dev.yaml is not valid YAML") ? true : undefined,
    );
    program.write("Pulumi.dev.yaml", "config: {}\n");

    program.write("greeting.ts", greeting("good night"));
    await eventually(async () => ((await get("greet")) === "good night" ? true : undefined));
  });

  test("a resource added and removed is created and deleted", async () => {
    program.write(
      "index.ts",
      fs
        .readFileSync(path.join(program.folder, "index.ts"), "utf8")
        .replace('route("count")', 'route("tally")'),
    );
    await eventually(async () => (/^\d+$/.test(await get("tally")) ? true : undefined));

    await eventually(async () =>
      /Deployed in .*api-tally.*api-count/.test(cloud.output()) ? true : undefined,
    );
    expect(JSON.parse(await get("count"))).toEqual({ message: "Not Found" });
  });

  test("killed, it leaves no process and no temporary folder", async () => {
    await get("greet");
    const pids = processesOf(cloud).map(({ pid }) => pid);

    cloud.process.kill("SIGKILL");

    await ended(pids);
    await eventually(async () => (fs.existsSync(path.join(cloud.stateDir, "tmp")) ? undefined : true));
    // What V8 has compiled is kept for the next start.
    const left = fs.readdirSync(temporary).filter((name) => !name.startsWith("v8-compile-cache-"));
    expect(left).toEqual([]);
  });
});
