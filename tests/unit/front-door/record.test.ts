import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Callers } from "../../../local/front-door/caller";
import { CallRecord, type RecordedCall } from "../../../local/front-door/record";
import { RecordAddress } from "../../../local/front-door/record-address";
import { jsonReply } from "../../../local/front-door/reply";
import { exchangeOf, jsonCall, type Request, textOf } from "./exchange";

const OUTCOME = { status: 200, durationMs: 1.23456, sentBytes: 2, aborted: false };

let file: string;

beforeEach(() => {
  file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "record-")), "state", "calls.jsonl");
});

afterEach(() => fs.rmSync(path.dirname(path.dirname(file)), { recursive: true }));

const lines = (): RecordedCall[] =>
  fs
    .readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

async function add(record: CallRecord, request: Request, answer = jsonReply(200, {}), callers?: Callers) {
  const exchange = await exchangeOf(request, callers);
  await record.after(exchange, answer);
  record.done(exchange, { ...OUTCOME, status: answer.status });
  return exchange.id;
}

const get = (table: string) => jsonCall("dynamodb", "DynamoDB_20120810.GetItem", { TableName: table });

test("a call is a line and in memory", async () => {
  const record = new CallRecord({ file });
  const callers = new Callers();
  callers.learn("arn:aws:lambda:eu-west-1:000000000000:function:list", "arn:aws:iam::000000000000:role/r");
  const request = jsonCall(
    "dynamodb",
    "DynamoDB_20120810.GetItem",
    { TableName: "t" },
    "ASIAFB467372DEA0623A",
  );
  const denied = jsonReply(400, { __type: "x#AccessDeniedException" }, { "x-amzn-requestid": "q1" });
  const id = await add(record, request, denied, callers);

  const call = {
    id,
    time: "2026-01-02T00:00:00.000Z",
    durationMs: 1.235,
    caller: "list",
    role: "r",
    kind: "aws",
    service: "dynamodb",
    action: "dynamodb:GetItem",
    resource: "arn:aws:dynamodb:eu-west-1:000000000000:table/t",
    region: "eu-west-1",
    status: 400,
    error: "AccessDeniedException",
    requestId: "q1",
  };
  expect(record.query()).toEqual([call]);
  expect(lines()).toEqual([call]);
});

test("nothing secret is kept", async () => {
  const record = new CallRecord({ file });
  await add(record, {
    url: "/_aws/execute-api/a/b/c?code=SECRET",
    headers: { authorization: "Bearer SECRET" },
  });
  await add(record, { url: "/b/k?X-Amz-Credential=k/1/r/s3/aws4_request&X-Amz-Signature=SECRET" });
  await add(record, jsonCall("states", "AWSStepFunctions.SendTaskSuccess", { taskToken: "SECRET" }));
  await add(record, { url: "/oauth2/token?client_id=web&code=SECRET" });

  expect(lines()).toHaveLength(4);
  expect(fs.readFileSync(file, "utf8")).not.toContain("SECRET");
});

test("an API's own error body is not read for a code, its header is", async () => {
  const record = new CallRecord({ file });
  const url = "/_aws/execute-api/a/b/c";
  await add(record, { url }, jsonReply(400, { code: "mine" }));
  await add(record, { url }, jsonReply(403, {}, { "x-amzn-errortype": "ForbiddenException" }));

  expect(record.query().map(({ error }) => error)).toEqual([undefined, "ForbiddenException"]);
});

test("a call that the client left has no answer", async () => {
  const record = new CallRecord({ file });
  record.done(await exchangeOf(get("t")), { ...OUTCOME, status: 499, aborted: true });

  expect(record.query()).toMatchObject([{ status: 499, aborted: true }]);
});

test("the front door's own addresses are not recorded", async () => {
  const record = new CallRecord({ file });
  await add(record, { url: "/_gallery/calls" });

  expect(record.query()).toEqual([]);
});

test("memory keeps the latest, the file all", async () => {
  const record = new CallRecord({ file, capacity: 3 });
  for (const table of ["a", "b", "c", "d", "e"]) {
    await add(record, get(table));
  }

  expect(record.query().map(({ resource }) => resource.at(-1))).toEqual(["c", "d", "e"]);
  expect(lines().map(({ resource }) => resource.at(-1))).toEqual(["a", "b", "c", "d", "e"]);
});

test("a file with calls is begun anew", async () => {
  await add(new CallRecord({ file }), get("a"));
  await add(new CallRecord({ file }), get("b"));

  expect(lines().map(({ resource }) => resource.at(-1))).toEqual(["b"]);
});

test("a call that ends after the stop is not written anywhere", async () => {
  const record = new CallRecord({ file });
  record.stop();
  await add(record, get("a"));
  record.stop();

  expect(lines()).toEqual([]);
});

describe("query", () => {
  async function recordOf(...tables: string[]) {
    const record = new CallRecord({ file, capacity: 5 });
    const ids: string[] = [];
    for (const table of tables) {
      ids.push(await add(record, get(table)));
    }
    const found = (filter: Parameters<CallRecord["query"]>[0]) =>
      record.query(filter).map(({ resource }) => resource.at(-1));
    return { record, ids, found };
  }

  test("limit without since gives the last, with since the first after it", async () => {
    const { ids, found } = await recordOf("a", "b", "c", "d");

    expect(found({ limit: 2 })).toEqual(["c", "d"]);
    expect(found({ since: ids[0], limit: 2 })).toEqual(["b", "c"]);
    expect(found({ since: ids[3] })).toEqual([]);
  });

  test("since an id that is kept no longer gives all", async () => {
    const { ids, found } = await recordOf("a", "b", "c", "d", "e", "f");

    expect(found({ since: ids[0] })).toEqual(["b", "c", "d", "e", "f"]);
  });

  test("since goes by the order in which calls ended, so that a slow one is not missed", async () => {
    const { record, ids, found } = await recordOf("a");
    const slow = await exchangeOf(get("s"));
    await add(record, get("b"));
    const last = record.query().at(-1)?.id;
    record.done(slow, OUTCOME);

    expect(found({ since: last })).toEqual(["s"]);
    expect(found({ since: ids[0] })).toEqual(["b", "s"]);
  });

  test("is answered at /_gallery/calls", async () => {
    const { record } = await recordOf("a", "b");
    const url = "/_gallery/calls?resource=*&limit=1&action=dynamodb:*";
    const address = new RecordAddress(record);
    const answer = address.before(await exchangeOf({ url }));

    expect(answer?.status).toBe(200);
    expect(JSON.parse(await textOf(answer)).calls).toMatchObject([{ action: "dynamodb:GetItem" }]);
    expect(address.before(await exchangeOf({ url: "/_gallery/other" }))).toBeUndefined();
  });
});
