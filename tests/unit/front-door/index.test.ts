import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type OpenFrontDoor, openFrontDoor } from "../../../local/front-door";
import { type FakeEmulator, fakeEmulator } from "./fake-emulator";

let folder: string;
let emulator: FakeEmulator;
let open: OpenFrontDoor;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "front-door-"));
  emulator = await fakeEmulator((_request, response) => {
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

test("a port in use leaves nothing open", async () => {
  const port = Number(new URL(open.door.address).port);
  const recordFile = path.join(folder, "other.jsonl");

  await expect(openFrontDoor({ port, recordFile })).rejects.toThrow(/--port/);
});
