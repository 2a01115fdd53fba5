import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import * as tls from "node:tls";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import type { Redis } from "iovalkey";
import { encodeCommand } from "../../local/cache/resp";
import { caches, type Users } from "./cache/deployed";
import { account, type Credentials, Laptop, token } from "./cache/laptop";
import { eventually } from "./local-cloud";
import { descendants, running } from "./processes";

const wrongPassword = "WRONGPASS invalid username-password pair or user is disabled.";
const password = "correct horse battery";
const users = {
  reader: "on ~views:* -@all +@read",
  writer: "on ~* &* +@all",
  keeper: { accessString: "on ~* +@all", authenticationMode: { type: "password", passwords: [password] } },
};
/** Who is in the group of each cache, unless a test says otherwise. */
const members = { views: ["reader", "writer", "keeper"], likes: ["reader", "writer"] };

let laptop: Laptop;
/** May connect to the cache `views` as `reader` and as `writer`. */
let allowed: Credentials;
let serversBefore: unknown[];
/** Another local cloud, in a process of its own. */
let owner: ChildProcess;
let ownerIsReady: Promise<unknown>;

const servers = (of = process.pid) =>
  descendants(of).filter(({ command }) => command.includes("valkey-server"));
const configure = (groups: Partial<typeof members> = {}, changed: Users = {}) =>
  laptop.server.configure(caches({ ...members, ...groups }, { ...users, ...changed }));

beforeAll(async () => {
  laptop = await Laptop.start();
  const root = path.resolve(__dirname, "../..");
  const script = path.join(__dirname, "cache/owner.ts");
  const stateDir = path.join(laptop.stateDir, "owner");
  owner = spawn(process.execPath, ["-r", path.join(root, "local/register.js"), script, stateDir], {
    cwd: root,
  });
  ownerIsReady = once(owner.stdout ?? owner, "data");
  serversBefore = servers();
  const [session] = await Promise.all([
    laptop.session("allowed", ["serverlesscache:views", "user:reader", "user:writer"]),
    configure(),
  ]);
  allowed = session;
});
afterAll(async () => {
  owner.kill("SIGKILL");
  await laptop.stop();
});

const tokenOf = (user: string, cache = "views") => token(allowed, { cache, user });

/** Resolves when the client's connection is over, also by a reset. */
function endOf(client: Redis): Promise<unknown> {
  return new Promise((resolve) => client.once("end", resolve));
}

/** A connection that has not logged in, and what has come back on it. */
async function open() {
  const { port } = laptop.endpoint;
  const socket = tls.connect({ port, host: "localhost", ca: fs.readFileSync(laptop.server.authorityFile) });
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    answer += chunk;
  });
  await once(socket, "secureConnect");
  const until = (end: string) => eventually(async () => (answer.endsWith(end) ? answer : undefined));
  return { socket, until, answered: () => answer };
}

/** What comes back for these bytes, until it has this end. */
async function exchange(chunks: readonly string[], end: string): Promise<string> {
  const { socket, until } = await open();
  for (const chunk of chunks) {
    socket.write(chunk);
    // Each leaves in a packet of its own.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const answer = await until(end);
  socket.destroy();
  return answer;
}

describe("IAM", () => {
  afterEach(() => configure());

  test("lets in who may connect to the cache and as the user, and puts it on record", async () => {
    const answer = await laptop.ask("writer", await tokenOf("writer"), "SET", "views:photo-1", "7");
    const read = await laptop.ask("reader", await tokenOf("reader"), "GET", "views:photo-1");

    expect([answer, read]).toEqual(["OK", "7"]);
    expect(laptop.frontDoor.record.query({ action: "elasticache:Connect" }).at(-1)).toMatchObject({
      caller: allowed.accessKeyId,
      resource: `arn:aws:elasticache:eu-west-1:${account}:serverlesscache:views`,
      status: 200,
    });
  });

  test.each([
    ["nothing", []],
    ["the cache alone", ["serverlesscache:views"]],
    ["the user alone", ["user:reader"]],
    ["another cache and user", ["serverlesscache:likes", "user:writer"]],
  ])("keeps out who has a right on %s", async (what, rights) => {
    const session = await laptop.session(`role-${what.replaceAll(" ", "-")}`, rights);
    const answer = await laptop.ask(
      "reader",
      await token(session, { cache: "views", user: "reader" }),
      "GET",
      "views:1",
    );

    expect(answer).toBe(wrongPassword);
    const [call] = laptop.frontDoor.record.query({ caller: session.accessKeyId });
    expect(call).toMatchObject({ action: "elasticache:Connect", status: 403, error: "AccessDenied" });
  });

  const reader = { cache: "views", user: "reader" };
  test.each<[string, () => Promise<string>]>([
    ["that has expired", () => token(allowed, { ...reader, age: 901 })],
    ["of another user", () => token(allowed, { ...reader, user: "writer" })],
    ["of a cache that is not there", () => token(allowed, { ...reader, cache: "shares" })],
    ["of another service", () => token(allowed, { ...reader, service: "rds-db" })],
    [
      "with another signature",
      async () => (await token(allowed, reader)).replace(/.$/, (hex) => (hex === "0" ? "1" : "0")),
    ],
    [
      "of another cache, renamed",
      async () => (await token(allowed, { ...reader, cache: "likes" })).replace("likes", "views"),
    ],
    ["that somebody forged", () => token({ ...allowed, secretAccessKey: "guessed" }, reader)],
    ["without its session", () => token({ ...allowed, sessionToken: undefined }, reader)],
    [
      "of root, whose signature proves nothing",
      () => token({ accessKeyId: "test", secretAccessKey: "test" }, reader),
    ],
  ])("refuses a token %s", async (_what, make) => {
    expect(await laptop.ask("reader", await make(), "GET", "views:1")).toBe(wrongPassword);
  });

  test("knows a user by its password only where it has one, and nobody by none", async () => {
    expect(await laptop.ask("keeper", password, "PING")).toBe("PONG");
    expect(await laptop.ask("keeper", "wrong horse battery", "PING")).toBe(wrongPassword);
    expect(await laptop.ask("keeper", await tokenOf("keeper"), "PING")).toBe(wrongPassword);
    expect(await laptop.ask("reader", password, "PING")).toBe(wrongPassword);
    expect(await laptop.ask("default", "", "PING")).toMatch(/^(NOAUTH|WRONGPASS)/);
    // Which of the two caches it is for, a password does not tell.
    await configure({ likes: ["keeper"] });
    expect(await laptop.ask("keeper", password, "PING")).toBe(wrongPassword);
  });
});

describe("a user", () => {
  afterEach(() => configure());

  test("does what its access string says, and nothing that ElastiCache keeps for itself", async () => {
    const [reader, writer] = [await tokenOf("reader"), await tokenOf("writer")];

    expect(await laptop.ask("reader", reader, "SET", "views:1", "1")).toMatch(/^NOPERM/);
    expect(await laptop.ask("reader", reader, "GET", "likes:1")).toMatch(/^NOPERM/);
    expect(await laptop.ask("writer", writer, "CONFIG", "GET", "dir")).toMatch(/^NOPERM/);
    expect(await laptop.ask("writer", writer, "SHUTDOWN")).toMatch(/^NOPERM/);
    expect(await laptop.ask("writer", writer, "ACL", "SETUSER", "writer", "allkeys")).toMatch(/^NOPERM/);
    expect(await laptop.ask("writer", writer, "MGET", "a", "b")).toMatch(/^CROSSSLOT/);
  });

  test("that changes or goes does so for open connections, and the cache keeps what it holds", async () => {
    const client = laptop.client("reader", await tokenOf("reader"));
    await client.connect();
    await laptop.ask("writer", await tokenOf("writer"), "SET", "likes:2", "5");

    await expect(client.get("likes:2")).rejects.toThrow("NOPERM");
    await configure({}, { reader: "on ~* -@all +get" });
    expect(await client.get("likes:2")).toBe("5");
    const closed = endOf(client);
    await configure({ views: ["writer"] });
    await closed;
    expect(await laptop.ask("reader", await tokenOf("reader"), "GET", "likes:2")).toBe(wrongPassword);
  });

  test("with an access string that Valkey does not take is named", async () => {
    const configured = configure({}, { reader: "on +@everything" });

    await expect(configured).rejects.toThrow(/"on \+@everything" of the cache's user reader is refused: ERR/);
  });
});

describe("a connection", () => {
  test("is answered in order, however it is cut and however much comes at once", async () => {
    const hello = ["HELLO", "3", "AUTH", "reader", await tokenOf("reader"), "SETNAME", "test"];
    const bytes = [
      ["GET", "views:1"],
      ["AUTH", "reader", "x"],
      hello,
      ["CLIENT", "GETNAME"],
      ["GET", "views:none"],
    ];
    const text = bytes.map(encodeCommand).join("");
    const chunks = text.match(/[\s\S]{1,61}/g) ?? [];

    const answer = await exchange(chunks, "_\r\n");

    expect(answer).toMatch(/^-NOAUTH .*\r\n-WRONGPASS .*\r\n%\d+\r\n[\s\S]*\r\n-NOPERM .*\r\n_\r\n$/);
  });

  test("that speaks no RESP is told so and ends", async () => {
    const answer = await exchange(["*1\r\n:1\r\n"], "\r\n");

    expect(answer).toBe("-ERR Protocol error: expected '$', got ':'\r\n");
  });

  test("needs TLS and trust in the authority", async () => {
    const { port } = laptop.endpoint;
    const untrusting = laptop.client("reader", await tokenOf("reader"), { tls: {} });
    const plain = net.connect(port, "127.0.0.1");
    plain.write("PING\r\n");
    let answer = "";
    plain.on("data", (chunk) => {
      answer += chunk;
    });
    plain.on("error", () => {});
    const closed = once(plain, "close");

    await expect(untrusting.connect()).rejects.toThrow();
    await closed;
    expect(answer).not.toContain("NOAUTH");
  });

  test("is trusted by a function", async () => {
    const source = `const tls = require("node:tls");
      exports.handler = ({ port, bytes }) => new Promise((resolve, reject) => {
        const socket = tls.connect({ host: "localhost", port, servername: "localhost" }, () => socket.write(bytes));
        socket.on("error", reject).once("data", (data) => { socket.destroy(); resolve(String(data)); });
      });`;
    const lambda = laptop.cloud.client(LambdaClient);
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: "asks-cache",
        Runtime: "nodejs20.x",
        Role: `arn:aws:iam::${account}:role/allowed`,
        Handler: "index.handler",
        Code: { ZipFile: zipSync({ "index.js": strToU8(source) }) },
      }),
    );
    const bytes = encodeCommand(["AUTH", "reader", await tokenOf("reader")]);
    const Payload = JSON.stringify({ port: laptop.endpoint.port, bytes });
    const { Payload: answer } = await lambda.send(new InvokeCommand({ FunctionName: "asks-cache", Payload }));

    expect(Buffer.from(answer ?? []).toString()).toBe('"+OK\\r\\n"');
  });
});

describe("faults", () => {
  afterEach(() => laptop.server.setMode("up"));

  const put = (mode: string) =>
    fetch(`${laptop.frontDoor.door.address}/_gallery/cache`, {
      method: "PUT",
      body: JSON.stringify({ mode }),
    });
  const connected = async () => {
    const client = laptop.client("reader", await tokenOf("reader"), { commandTimeout: 300 });
    await client.connect();
    await client.get("views:x");
    return client;
  };

  test("down: connections end and nothing listens, until it is up again", async () => {
    const client = await connected();
    const ended = endOf(client);
    await put("down");
    await ended;

    expect(await laptop.ask("reader", await tokenOf("reader"), "GET", "views:x")).toMatch(
      /ECONNREFUSED|closed/,
    );
    await put("up");
    expect(await laptop.ask("reader", await tokenOf("reader"), "GET", "views:x")).toBeNull();
  });

  test("hang: open and new connections are silent, until it is up again", async () => {
    const client = await connected();
    await put("hang");
    const late = await open();
    late.socket.write("PING\r\n");

    await expect(client.get("views:x")).rejects.toThrow("Command timed out");
    expect(late.answered()).toBe("");
    await put("up");
    expect(await late.until("\n")).toBe("-NOAUTH Authentication required.\r\n");
    late.socket.destroy();
    expect(await client.get("views:x")).toBeNull();
    client.disconnect();
  });

  test("garbage: what comes is no answer", async () => {
    await put("garbage");

    expect(await exchange([encodeCommand(["PING"])], "\ufffd\ufffd")).toMatch(/^HTTP/);
    expect(await laptop.ask("reader", await tokenOf("reader"), "GET", "views:x")).toMatch(/./);
  });

  test("of IAM are those of any call", async () => {
    const faults = `${laptop.frontDoor.door.address}/_gallery/faults`;
    const rule = { action: "elasticache:Connect", status: 500, error: "InternalFailure" };
    await fetch(faults, { method: "PUT", body: JSON.stringify([rule]) });
    const answer = await laptop.ask("reader", await tokenOf("reader"), "GET", "views:x");
    await fetch(faults, { method: "DELETE" });

    expect(answer).toBe(wrongPassword);
  });
});

test("servers end with the local cloud, even when that is killed", async () => {
  await ownerIsReady;
  const pids = descendants(owner.pid ?? 0).map(({ pid }) => pid);
  const [server] = servers(owner.pid);
  owner.kill("SIGKILL");

  expect(pids).toContain(server?.pid);
  await eventually(async () => running(pids).length === 0 || undefined);
});

test("servers run only for caches that are deployed, and all end with the local cloud", async () => {
  const both = servers();
  await laptop.server.configure(caches({ views: members.views }, users));
  const one = servers();
  const client = laptop.client("reader", await tokenOf("reader"));
  await client.connect();
  const ended = endOf(client);
  await laptop.server.stop();
  await ended;

  expect(serversBefore).toEqual([]);
  expect([both.length, one.length, servers().length]).toEqual([2, 1, 0]);
});
