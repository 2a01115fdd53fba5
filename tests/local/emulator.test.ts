import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import * as readline from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { Emulator, EmulatorFailed, type EmulatorOptions, StateInUse } from "../../local/emulator";
import { alive } from "../../local/lock";

const REGION = "eu-west-1";
const folders: string[] = [];
const running: Emulator[] = [];

function newFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gallery-emulator-"));
  folders.push(folder);
  return folder;
}

function options(more: Partial<EmulatorOptions> = {}): EmulatorOptions {
  const stateDir = more.stateDir ?? newFolder();
  const endpoint = "http://127.0.0.1:1";
  return { stateDir, endpoint, region: REGION, progress: () => {}, onExit: () => {}, ...more };
}

async function start(more: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const emulator = await Emulator.start(options(more));
  running.push(emulator);
  return emulator;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

/** Command lines of the living processes that mention a folder. */
async function processesOf(folder: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=,stat=,command="]);
  return stdout.split("\n").filter((line) => line.includes(folder) && !/^\s*\d+\s+Z/.test(line));
}

function keeperOf(stateDir: string): number {
  return JSON.parse(fs.readFileSync(path.join(stateDir, "emulator.lock"), "utf8")).keeper;
}

function client<C>(type: new (config: object) => C, { address }: { address: string }): C {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new type({ endpoint: address, region: REGION, credentials });
}

/** Runs a handler of this source once, as a function on the emulator; answers its payload. */
async function runFunction(emulator: { address: string }, source: string): Promise<Record<string, unknown>> {
  const { Role } = await client(IAMClient, emulator).send(
    new CreateRoleCommand({ RoleName: "role", AssumeRolePolicyDocument: "{}" }),
  );
  const lambda = client(LambdaClient, emulator);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "function",
      Role: Role?.Arn,
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Code: { ZipFile: zipSync({ "index.js": strToU8(source) }) },
    }),
  );
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: "function" }));
  return JSON.parse(Payload?.transformToString() ?? "{}");
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.stop()));
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
});

test("a started emulator answers, and a stopped one leaves only its log", async () => {
  const stateDir = newFolder();
  const onExit = jest.fn();

  const emulator = await start({ stateDir, onExit });
  const health = await fetch(`${emulator.address}/_ministack/health`);
  await emulator.stop();

  expect(emulator.address).toBe(`http://127.0.0.1:${emulator.port}`);
  expect(await health.json()).toMatchObject({ auth: "enabled" });
  expect(alive(emulator.pid)).toBe(false);
  expect(fs.readdirSync(stateDir)).toEqual(["emulator.log"]);
  expect(onExit).not.toHaveBeenCalled();
});

test("a function gets the endpoint and what the caller adds, but nothing of the caller's environment", async () => {
  process.env.GALLERY_TEST_SECRET = "secret";
  const emulator = await start({ env: { ADDED: "yes" } });

  const environment = await runFunction(emulator, "exports.handler = async () => process.env;");

  expect(environment).toMatchObject({
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_REGION: REGION,
    ADDED: "yes",
  });
  const ownValues = ["PATH", "LANG", "TZ", "AWS_REGION", "AWS_DEFAULT_REGION"];
  const callers = Object.entries(process.env).filter(([name]) => !ownValues.includes(name));
  const inherited = callers.filter(([name, value]) => environment[name] === value);
  expect(inherited).toEqual([]);
  delete process.env.GALLERY_TEST_SECRET;
});

test("when the process that started it is killed, no process and no temporary file is left", async () => {
  const stateDir = newFolder();
  const script = `
    require("ts-node").register(require("./local/transpile.js").options);
    const { Emulator } = require("./local/emulator.ts");
    const options = { ...${JSON.stringify(options({ stateDir }))}, progress() {}, onExit() {} };
    Emulator.start(options).then(({ address, pid }) => console.log(JSON.stringify({ address, pid })));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["-e", script], {
    cwd: path.join(__dirname, "../.."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(readline.createInterface({ input: parent.stdout }), "line");
  const emulator = JSON.parse(line);
  await runFunction(emulator, "exports.handler = async () => ({});");
  const before = await processesOf(stateDir);

  parent.kill("SIGKILL");
  await until(() => !fs.existsSync(path.join(stateDir, "tmp")));

  expect(before).toContainEqual(expect.stringContaining("_worker.js"));
  await until(async () => !alive(emulator.pid) && (await processesOf(stateDir)).length === 0);
  const next = await start({ stateDir });
  expect(alive(next.pid)).toBe(true);
});

test("a second start in the same state folder is refused and names the process", async () => {
  const stateDir = newFolder();
  const first = await start({ stateDir });

  const second = Emulator.start(options({ stateDir }));

  await expect(second).rejects.toThrow(StateInUse);
  await expect(second).rejects.toThrow(`process ${process.pid}`);
  expect(alive(first.pid)).toBe(true);
});

test("with a data folder, a table is there after a restart, calls under way or not; without, it is not", async () => {
  const stateDir = newFolder();
  const first = await start({ stateDir, dataDir: path.join(stateDir, "data") });
  await client(DynamoDBClient, first).send(
    new CreateTableCommand({
      TableName: "kept",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  const call = runFunction(first, "exports.handler = () => new Promise((end) => setTimeout(end, 60_000));");
  await until(async () => (await processesOf(stateDir)).length > 0);
  await Promise.all([first.stop(), call.catch(() => {})]);

  const tables: (string[] | undefined)[] = [];
  for (const keep of [false, true]) {
    const emulator = await start({ stateDir, dataDir: keep ? path.join(stateDir, "data") : undefined });
    tables.push((await client(DynamoDBClient, emulator).send(new ListTablesCommand())).TableNames);
    await emulator.stop();
  }

  expect(tables).toEqual([[], ["kept"]]);
});

test.each([
  ["emulator", ({ pid }: Emulator) => pid, "signal SIGKILL"],
  ["keeper", (_: Emulator, stateDir: string) => keeperOf(stateDir), "keeper was killed"],
])(
  "a killed %s is told once, with the end of the log, and takes the functions with it",
  async (_, victim, how) => {
    const stateDir = newFolder();
    const onExit = jest.fn();
    const emulator = await start({ stateDir, onExit });
    await runFunction(emulator, "exports.handler = async () => ({});");

    process.kill(victim(emulator, stateDir), "SIGKILL");
    await until(() => onExit.mock.calls.length > 0);
    await emulator.stop();

    expect(onExit).toHaveBeenCalledTimes(1);
    expect(onExit).toHaveBeenCalledWith(expect.stringContaining(how));
    expect(onExit).toHaveBeenCalledWith(expect.stringContaining("services available"));
    await until(async () => !alive(emulator.pid) && (await processesOf(stateDir)).length === 0);
    expect(fs.readdirSync(stateDir)).toEqual(["emulator.log"]);
  },
);

test("a port somebody else takes meanwhile is replaced by another", async () => {
  const other = net.createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const taken = other.address();
  const address = jest.spyOn(net.Server.prototype, "address").mockReturnValueOnce(taken);

  const emulator = await start();

  expect(address).toHaveBeenCalledTimes(2);
  expect(emulator.port).not.toBe((taken as net.AddressInfo).port);
  address.mockRestore();
  other.close();
});

test("an emulator that cannot start says why and lets the state folder go", async () => {
  const stateDir = newFolder();

  const broken = Emulator.start(options({ stateDir, env: { GATEWAY_PORT: "none" } }));

  await expect(broken).rejects.toThrow(EmulatorFailed);
  await expect(broken).rejects.toThrow(/exit code 1[\s\S]*emulator\.log[\s\S]*ValueError/);
  expect(fs.readdirSync(stateDir)).toEqual(["emulator.log"]);
});

test("web pages get nothing from the emulator itself, only through the front door", async () => {
  const emulator = await start({ stateDir: newFolder() });
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${emulator.address}/_ministack/health`, { headers })).status;

  expect(await ask({ origin: "https://evil.example" })).toBe(403);
  expect(await ask({ "sec-fetch-site": "cross-site", "x-gallery-door": "guessed" })).toBe(403);
  expect(await ask({ origin: "https://page.example", "x-gallery-door": emulator.doorToken })).toBe(200);
});
