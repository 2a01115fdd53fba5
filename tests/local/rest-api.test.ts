import * as path from "node:path";
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
} from "@aws-sdk/client-api-gateway";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { eventually, type RunningCloud, startCloud } from "./local-cloud";

let cloud: RunningCloud;

beforeAll(async () => {
  cloud = await startCloud(["--project", path.join(__dirname, "programs/rest-api")]);
});

afterAll(() => cloud?.stop());

const output = (name: string) => cloud.outputs[name] ?? "";
const client = <C>(type: new (config: object) => C) =>
  new type({
    endpoint: cloud.address,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestHandler: new NodeHttpHandler(),
  });

type Headers = Record<string, string>;
const get = (route: string, headers: Headers = {}) => fetch(`${output("url")}${route}`, { headers });
const post = (route: string, body: unknown, headers: Headers = {}) =>
  fetch(`${output("url")}${route}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const json = async (response: Response) => JSON.parse(await response.text());

/** What the queue's function has got under this id. */
async function storedMessage(id: string) {
  const item = await eventually(async () => {
    const key = new GetItemCommand({ TableName: output("storedTable"), Key: { id: { S: id } } });
    return (await client(DynamoDBClient).send(key)).Item;
  });
  return JSON.parse(item.message?.S ?? "");
}

/** Everything in the stream, by partition key. */
async function streamRecords() {
  const kinesis = client(KinesisClient);
  const StreamName = output("streamName");
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const found: [key: string, message: unknown][] = [];
  for (const { ShardId } of Shards) {
    const from = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" });
    const { ShardIterator } = await kinesis.send(from);
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    found.push(
      ...Records.map(({ PartitionKey = "", Data }): [string, unknown] => [
        PartitionKey,
        JSON.parse(Buffer.from(Data ?? []).toString()),
      ]),
    );
  }
  return found;
}

/** A key of a plan, as an operator makes it. */
async function keyOf(plan: string): Promise<Headers> {
  const gateway = client(APIGatewayClient);
  const key = await gateway.send(new CreateApiKeyCommand({ name: `key of ${plan}`, enabled: true }));
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId: plan, keyId: key.id, keyType: "API_KEY" }));
  return { "x-api-key": key.value ?? "" };
}

const expectProblem = async (response: Response, status: number, detail: RegExp) => {
  const type = response.headers.get("content-type");
  const body = await json(response);
  expect([response.status, type, body]).toEqual([
    status,
    "application/problem+json",
    expect.objectContaining({ type: "about:blank", detail: expect.stringMatching(detail) }),
  ]);
};

/** What would leave its place if a template, a form, a JSON text or an XML were put together carelessly. */
const injections = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of VTL.
  "$context.requestId ${message} $!{end} #set($x = 1)#if(true)yes#end ## not said #* nor this *#",
  '"}} , "id": "forged", {{',
  "&MessageBody=forged&Action=DeleteQueue&DelaySeconds=900",
  "%26Action%3DPurgeQueue + %00",
  "it's \\' \\\" \\\\ \\u0022 </script> <![CDATA[ ]]>",
  "line\nfeed\r\ttab \u0000 \u001f null ü 😀 \u2028",
  "x".repeat(5000),
];

test("a queue gets what is posted, with its id and time and nothing else, and no function is in between", async () => {
  const before = Date.now();
  const response = await post("notes", { text: "hello", mood: "good", place: { x: 1.5, name: "here" } });
  const { id } = await json(response);
  const message = await storedMessage(id);

  expect(response.status).toBe(202);
  expect(message).toEqual({
    id,
    receivedAt: expect.any(Number),
    body: { text: "hello", mood: "good", place: { x: 1.5, name: "here" } },
  });
  expect(message.receivedAt).toBeGreaterThanOrEqual(before);
});

test.each(injections)("text stays text on its way into the queue and the stream: %j", async (text) => {
  const note = { text, place: { x: 0, name: text } };
  const { id } = await json(await post("notes", note));
  const who = text.slice(0, 100);
  const record = await post("records", { who, text });
  const { id: recordId } = await json(record);

  expect((await storedMessage(id)).body).toEqual(note);
  expect(record.status).toBe(202);
  const records = await streamRecords();
  expect(records).toContainEqual([
    who,
    { id: recordId, receivedAt: expect.any(Number), body: { who, text } },
  ]);
});

test.each([
  ["lacks a property", {}, /missing required properties.*text/],
  ["has a property too many", { text: "a", id: "forged" }, /not allowed by the schema.*id/],
  [
    "has one too many further in",
    { text: "a", place: { x: 1, name: "b", y: 2 } },
    /not allowed by the schema.*y/,
  ],
  ["has the wrong type", { text: 1 }, /instance type \(integer\)/],
  ["has a value of no list", { text: "a", mood: "so-so" }, /not found in enum/],
  ["is no object", "[]", /instance type \(array\)/],
  ["is no JSON", '{"text": "a"', /not valid/],
  ["is empty", "", /not valid/],
])("a body that %s is refused", async (_what, body, detail) => {
  await expectProblem(await post("notes", body), 400, detail);
});

test("what is refused for its type or size says so", async () => {
  await expectProblem(
    await post("notes", "text=a", { "content-type": "text/plain" }),
    415,
    /application\/json/,
  );
  const xml = { "content-type": "application/xml" };
  await expectProblem(await post("notes", '{"text":"a"}', xml), 415, /application\/json/);
  // More than a message of SQS may be, then more than API Gateway takes.
  await expectProblem(
    await post("notes", { text: "x".repeat(1_200_000) }),
    413,
    /larger than what can be stored/,
  );
  await expectProblem(
    await post("notes", { text: "x".repeat(11_000_000) }),
    413,
    /larger than what is taken/,
  );
  const typed = await post("notes", { text: "a" }, { "content-type": "application/json; charset=utf-8" });
  expect(typed.status).toBe(202);
});

test("a route throttles by limits of its own", async () => {
  const responses = [];
  for (let i = 0; i < 3; i += 1) {
    responses.push(await post("limited", { text: "a" }));
  }
  const [first, second, third] = responses;

  expect([first?.status, second?.status, third?.headers.get("retry-after")]).toEqual([202, 202, "1"]);
  await expectProblem(third as Response, 429, /after a pause/);
});

test("what cannot be stored is told to come again, and not why", async () => {
  const iam = client(IAMClient);
  const RoleName = output("roleInVain");
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: PolicyNames[0] }));

  const response = await post("vain", { text: "a" });

  expect(response.headers.get("retry-after")).toBe("1");
  await expectProblem(response, 503, /^It cannot be stored for now/);
});

test("only keys of the API's plans open routes for their holders", async () => {
  const key = await keyOf(output("partnersPlan"));
  const ofNoPlan = await client(APIGatewayClient).send(new CreateApiKeyCommand({ enabled: true }));

  await expectProblem(await post("keyed", { text: "a" }), 403, /key is needed/);
  await expectProblem(
    await post("keyed", { text: "a" }, { "x-api-key": "0".repeat(20) }),
    403,
    /key is needed/,
  );
  await expectProblem(
    await post("keyed", { text: "a" }, { "x-api-key": ofNoPlan.value ?? "" }),
    403,
    /key is needed/,
  );
  const { id } = await json(await post("keyed", { text: "with a key" }, key));
  expect((await storedMessage(id)).body).toEqual({ text: "with a key" });
});

test("a key is good for its quota, also for what is kept", async () => {
  const key = await keyOf(output("partnersPlan"));

  for (let i = 0; i < 4; i += 1) {
    expect((await get("quota", key)).status).toBe(200);
    expect((await get("partners/a/top", key)).status).toBe(200);
  }
  await expectProblem(await get("quota", key), 429, /quota is used up/);
  await expectProblem(await get("partners/a/top", key), 429, /quota is used up/);
});

test("a plan throttles each key alone", async () => {
  const [one, other] = [await keyOf(output("othersPlan")), await keyOf(output("othersPlan"))];
  const statuses = await Promise.all(
    [one, one, one, other].map(async (key) => (await get("quota", key)).status),
  );

  expect(statuses.sort()).toEqual([200, 200, 200, 429]);
});

test("one invocation serves many, apart by what the route reads", async () => {
  const calls = async (route: string, headers: Headers = {}) => (await json(await get(route, headers))).calls;

  expect(await calls("albums/one/top")).toBe(1);
  expect(await Promise.all(Array.from({ length: 20 }, () => calls("albums/one/top")))).toEqual(
    Array(20).fill(1),
  );
  // Another album, or number of days, is another answer.
  expect([await calls("albums/two/top"), await calls("albums/one/top?days=1")]).toEqual([1, 1]);
  // What the route does not read makes no difference, nor does it reach the function.
  expect(await calls("albums/one/top?evil=1", { "x-evil": "1" })).toBe(1);
});

test("strangers cannot have a kept answer made anew", async () => {
  await get("albums/kept/top");
  const served = await get("albums/kept/top", { "cache-control": "max-age=0" });

  expect(served.status).toBe(200);
  expect((await json(served)).calls).toBe(1);
  expect((await json(await get("albums/kept/top"))).calls).toBe(1);
});

test("what is kept for a key's holder is not served without a key", async () => {
  const key = await keyOf(output("partnersPlan"));
  expect((await get("partners/secret/top", key)).status).toBe(200);

  await expectProblem(await get("partners/secret/top"), 403, /key is needed/);
});

test("pages of the origins named may call, and others not", async () => {
  const preflight = (origin: string) =>
    fetch(`${output("url")}notes`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });
  const allowed = async (response: Promise<Response>) =>
    (await response).headers.get("access-control-allow-origin");

  expect((await preflight("http://localhost:5173")).status).toBe(204);
  expect(await allowed(preflight("http://localhost:5173"))).toBe("http://localhost:5173");
  expect(await allowed(preflight("https://evil.example"))).toBeNull();
  const origin = "https://gallery.example";
  expect(await allowed(post("notes", { text: "a" }, { origin }))).toBe(origin);
  expect(await allowed(get("albums/page/top", { origin }))).toBe(origin);
});

test("a function that fails, and a path that is none, tell nothing", async () => {
  await expectProblem(await get("fail"), 502, /^The request failed through no fault of its own\.$/);
  await expectProblem(await get("nothing"), 404, /nothing here/);
});

test("the queue is on record as called by API Gateway", async () => {
  await post("notes", { text: "a" });
  const { calls } = await json(await fetch(`${cloud.address}/_gallery/calls?action=sqs:SendMessage`));

  expect(calls.at(-1)).toMatchObject({ caller: "apigateway.amazonaws.com", status: 200 });
});
