import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type OpenFrontDoor, openFrontDoor } from "../../../local/front-door";
import { signed } from "./exchange";
import { type FakeEmulator, fakeEmulator, raw } from "./fake-emulator";

let folder: string;
let emulator: FakeEmulator;
let open: OpenFrontDoor;
/** Headers of each request that got as far as the emulator. */
let arrived: string[][];

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "front-door-"));
  arrived = [];
  emulator = await fakeEmulator((request, response) => {
    arrived.push(request.rawHeaders);
    const body = '{"errorType":"Error","errorMessage":"secret"}';
    response.writeHead(502, { "content-type": "application/json", "apigw-requestid": "r1" }).end(body);
  });
  open = await openFrontDoor({ recordFile: path.join(folder, "calls.jsonl") });
  open.door.connect(emulator.address);
});

afterEach(async () => {
  await open.door.stop();
  await emulator.stop();
  fs.rmSync(folder, { recursive: true });
});

/** The record, once it has that many calls: a call is recorded when it is over, which its client need not wait for. */
async function recorded(count: number) {
  while (open.record.query().length < count) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return open.record.query();
}

test("the record sees what the client sees", async () => {
  open.throttle.configure([
    {
      apiId: "abc",
      stage: "live",
      routes: ["GET /photos"],
      routeLimits: { "GET /photos": { throttlingRateLimit: 0, throttlingBurstLimit: 1 } },
    },
  ]);
  const url = `${open.door.address}/_aws/execute-api/abc/live/photos`;
  const first = await fetch(url);
  const second = await fetch(url);

  expect([first.status, await first.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  expect([second.status, await second.text()]).toEqual([429, '{"message":"Too Many Requests"}']);
  const { calls } = JSON.parse(await (await fetch(`${open.door.address}/_gallery/calls?status=5*`)).text());
  expect(calls).toMatchObject([{ status: 500, resource: "abc/live/GET/photos", requestId: "r1" }]);
  expect(open.record.query().map(({ status }) => status)).toEqual([500, 429]);
});

test("what the guard refuses is recorded and gets no further", async () => {
  const key =
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test/1/r/lambda/aws4_request&X-Amz-Signature=x";
  const invoke = `${open.door.address}/2015-03-31/functions/f/invocations?${key}`;
  const headers = { origin: "https://evil.example", "content-type": "text/plain" };
  const invoked = await fetch(invoke, { method: "POST", headers, body: "{}" });
  const reset = await fetch(`${open.door.address}/_ministack/reset`, { method: "POST", headers });
  const rebound = await raw(
    open.door.address,
    "GET /_gallery/calls HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
  );

  expect([invoked.status, reset.status]).toEqual([403, 404]);
  expect(rebound).toMatch(/^HTTP\/1.1 403 /);
  expect(arrived).toEqual([]);
  expect(await recorded(2)).toMatchObject([
    { action: "lambda:InvokeFunction", status: 403, error: "AccessDeniedException" },
    { resource: "/_ministack/reset", status: 404 },
  ]);
});

test("the deployer's token opens and stays at the front door", async () => {
  const asFunction = { authorization: signed("lambda"), "x-amzn-trace-id": "Root=1" };
  const url = `${open.door.address}/2015-03-31/functions`;
  await fetch(url, { headers: asFunction });
  await fetch(url, { headers: { ...asFunction, "X-Gallery-Deployer": open.deployerToken } });

  expect((await recorded(2)).map(({ status }) => status)).toEqual([403, 502]);
  expect(arrived).toHaveLength(1);
  expect(JSON.stringify(arrived)).not.toMatch(/gallery/i);
});

test("a header sent twice hides nothing", async () => {
  const answer = await raw(
    open.door.address,
    `GET /2015-03-31/functions HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amzn-Trace-Id: Root=1\r\nAuthorization: ${signed("lambda", "ASIAX")}\r\nAuthorization: ${signed("lambda")}\r\nConnection: close\r\n\r\n`,
  );

  expect(answer).toMatch(/^HTTP\/1.1 403 /);
});

test("a port in use leaves nothing open", async () => {
  const port = Number(new URL(open.door.address).port);
  const recordFile = path.join(folder, "other.jsonl");

  await expect(openFrontDoor({ port, recordFile })).rejects.toThrow(/--port/);
});
