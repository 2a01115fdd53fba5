import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Databases, type SqlOptions } from "../../../local/sql/databases";
import { PgliteServer } from "../../../local/sql/pglite-server";
import { Sessions } from "../../../local/sql/sessions";
import { eventually } from "../aws/stack";
import { descendants, running } from "../processes";

let folder: string;
const started: { stop(): Promise<void> }[] = [];
let postgres: ChildProcess | undefined;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "sql-"));
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
  if (postgres && postgres.exitCode === null && postgres.signalCode === null) {
    const ended = once(postgres, "exit");
    postgres.kill("SIGKILL");
    await ended;
  }
  postgres = undefined;
  fs.rmSync(folder, { recursive: true, force: true });
});

const cluster = {
  id: "views",
  resourceId: "cluster-1",
  engine: "aurora-postgresql",
  database: "gallery",
  user: "owner",
  httpEndpoint: true,
  instances: 1,
};
const target = { resourceArn: "arn:cluster", secretArn: "arn:secret", database: "gallery" };

function start(options: Partial<SqlOptions> = {}) {
  const databases = new Databases({
    dataDir: path.join(folder, "data"),
    keep: false,
    log: path.join(folder, "sql.log"),
    ...options,
  });
  started.push(databases);
  const call = async (operation: "ExecuteStatement" | "BeginTransaction", fields: object = {}) =>
    (await databases.api.answer(operation, JSON.stringify({ ...target, ...fields }), {
      cluster,
      secret: { user: "owner", opens: true },
    })) as Readonly<Record<string, unknown>>;
  return {
    databases,
    begin: async () => (await call("BeginTransaction")).transactionId,
    execute: (sql: string, transactionId?: unknown) => call("ExecuteStatement", { sql, transactionId }),
    async rows(sql: string): Promise<unknown> {
      const { formattedRecords } = await call("ExecuteStatement", { sql, formatRecordsAs: "JSON" });
      return JSON.parse(String(formattedRecords));
    },
  };
}

const pglites = () => descendants(process.pid).filter(({ command }) => command.includes("pglite.mjs"));

test("kept data outlives the local cloud and the database's sudden end, what is not committed does not", async () => {
  const first = start({ keep: true });
  await first.execute("CREATE TABLE notes (n int)");
  await first.execute("INSERT INTO notes VALUES (1)");
  const transaction = await first.begin();
  await first.execute("INSERT INTO notes VALUES (2)", transaction);
  await first.databases.stop();
  const afterStop = pglites();

  const second = start({ keep: true });
  const taken = await second.rows("SELECT n FROM notes");
  await second.execute("INSERT INTO notes VALUES (3)");
  const [{ pid } = { pid: 0 }] = pglites();
  process.kill(pid, "SIGKILL");
  await eventually(async () => (running([pid]).length === 0 ? true : undefined));
  const lost = await second
    .rows("SELECT n FROM notes ORDER BY n")
    .catch(() => second.rows("SELECT n FROM notes ORDER BY n"));

  expect(afterStop).toEqual([]);
  expect(taken).toEqual([{ n: 1 }]);
  expect(lost).toEqual([{ n: 1 }, { n: 3 }]);
});

test("a call that takes too long, or waits too long for a session, times out", async () => {
  const server = new PgliteServer({
    dataDir: path.join(folder, "data"),
    keep: false,
    log: path.join(folder, "sql.log"),
    user: "owner",
  });
  const sessions = new Sessions(server, 300);
  started.push(sessions);
  const session = await eventually(() => sessions.take().catch(() => undefined));

  const late = session.run("SELECT pg_sleep(1)", [[]]);
  await expect(late).rejects.toMatchObject({ code: "StatementTimeoutException" });
  expect(session.isBusy).toBe(true);
  await expect(sessions.take()).rejects.toMatchObject({ code: "StatementTimeoutException" });

  session.release();
  const next = await eventually(() => sessions.take().catch(() => undefined));
  expect((await next.run("SELECT 1", [[]])).rows).toEqual([["1"]]);
  next.release();
  expect(fs.existsSync(path.join(folder, "data"))).toBe(true);
});

test("another PostgreSQL takes the place of the cluster's database", async () => {
  const scripts = path.dirname(require.resolve("@electric-sql/pglite-socket"));
  const socket = path.join(folder, ".s.PGSQL.5432");
  const server = [path.join(scripts, "scripts/server.js"), "--path", socket, "--max-connections", "20"];
  // Its own data is a copy of what the first test has had made.
  const empty = fs
    .readdirSync(path.join(__dirname, "../../../.local"))
    .find((name) => /^pglite-[\d.]+$/.test(name));
  fs.cpSync(path.join(__dirname, "../../../.local", empty ?? ""), path.join(folder, "theirs"), {
    recursive: true,
  });
  postgres = spawn(process.execPath, [...server, "--db", path.join(folder, "theirs")], { stdio: "ignore" });
  const address = `postgres:///postgres?user=postgres&host=${encodeURIComponent(folder)}`;

  const one = start({ address });
  await eventually(() => one.rows("SELECT 1").catch(() => undefined));
  await one.execute("CREATE TABLE notes (n int)");
  const transaction = await one.begin();
  await one.execute("INSERT INTO notes VALUES (1)", transaction);
  await one.databases.stop();
  const other = start({ address });
  await other.execute("INSERT INTO notes VALUES (2)");

  expect(await other.rows("SELECT n, current_setting('TimeZone') AS zone FROM notes")).toEqual([
    { n: 2, zone: "UTC" },
  ]);
  expect(pglites()).toEqual([]);
});
