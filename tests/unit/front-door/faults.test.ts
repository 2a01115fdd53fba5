import { type FaultRule, Faults } from "../../../local/front-door/faults";
import { exchangeOf, jsonCall, textOf } from "./exchange";

const THROTTLED = { status: 400, error: "ThrottlingException" } as const;
const key = "ASIAX";

async function ask(faults: Faults, method: string, body?: unknown, query = "") {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const reply = await faults.before(
    await exchangeOf({ method, url: `/_gallery/faults${query}`, body: body === undefined ? "" : text }),
  );
  return { status: reply?.status, body: JSON.parse(await textOf(reply)) };
}

async function faultsOf(rules: readonly FaultRule[], query?: string): Promise<Faults> {
  const faults = new Faults();
  expect((await ask(faults, "PUT", rules, query)).status).toBe(200);
  return faults;
}

/** Status of a call of DynamoDB; 200 when it is let through. */
async function call(faults: Faults, action = "GetItem", table = "photos", accessKey = key): Promise<number> {
  const request = jsonCall("dynamodb", `DynamoDB_20120810.${action}`, { TableName: table }, accessKey);
  return (await faults.before(await exchangeOf(request)))?.status ?? 200;
}

test("answers in the caller's protocol", async () => {
  const faults = await faultsOf([THROTTLED]);
  const request = jsonCall("dynamodb", "DynamoDB_20120810.GetItem", { TableName: "photos" }, key);
  const reply = await faults.before(await exchangeOf(request));

  expect(reply?.status).toBe(400);
  expect(reply?.headers).toContain("ThrottlingException");
  expect(JSON.parse(await textOf(reply))).toMatchObject({ __type: "ThrottlingException" });
});

test.each<[string, FaultRule, number[]]>([
  ["an action", { action: "dynamodb:PutItem", ...THROTTLED }, [200, 400, 200]],
  ["a beginning of an action", { action: "dynamodb:*", ...THROTTLED }, [400, 400, 400]],
  [
    "a resource",
    { resource: "arn:aws:dynamodb:eu-west-1:000000000000:table/o*", ...THROTTLED },
    [200, 200, 400],
  ],
  ["a caller", { caller: "someone", ...THROTTLED }, [200, 200, 200]],
])("strikes by %s", async (_what, rule, expected) => {
  const faults = await faultsOf([rule]);

  expect([
    await call(faults, "GetItem"),
    await call(faults, "PutItem"),
    await call(faults, "GetItem", "other"),
  ]).toEqual(expected);
});

test("spares the engine and terminals unless they are named", async () => {
  expect(await call(await faultsOf([THROTTLED]), "GetItem", "photos", "test")).toBe(200);
  expect(
    await call(await faultsOf([{ caller: "deployer", ...THROTTLED }]), "GetItem", "photos", "test"),
  ).toBe(400);
});

test("touches calls of AWS only", async () => {
  const faults = await faultsOf([THROTTLED]);

  expect(await faults.before(await exchangeOf({ url: "/_aws/execute-api/abc/live/photos" }))).toBeUndefined();
  expect(await faults.before(await exchangeOf({ url: "/_gallery/calls" }))).toBeUndefined();
});

test("strikes at most as often as told, and tells how often it has", async () => {
  const faults = await faultsOf([{ times: 2, ...THROTTLED }]);
  const statuses = [await call(faults), await call(faults), await call(faults)];

  expect(statuses).toEqual([400, 400, 200]);
  expect((await ask(faults, "GET")).body).toEqual({ faults: [{ times: 2, ...THROTTLED, struck: 2 }] });
});

test("strikes about as often as asked, the same calls for the same seed", async () => {
  const rule = { probability: 0.25, ...THROTTLED };
  const run = async () => {
    const faults = await faultsOf([rule], "?seed=3");
    const statuses: number[] = [];
    for (let i = 0; i < 400; i++) statuses.push(await call(faults));
    return statuses;
  };
  const first = await run();

  expect(Math.abs(first.filter((status) => status === 400).length - 100)).toBeLessThan(35);
  expect(await run()).toEqual(first);
});

test("a probability of 0 strikes nothing, one of 1 everything", async () => {
  const never = await faultsOf([{ probability: 0, ...THROTTLED }]);
  const always = await faultsOf([{ probability: 1, ...THROTTLED }]);

  for (let i = 0; i < 50; i++) {
    expect([await call(never), await call(always)]).toEqual([200, 400]);
  }
});

test("delays, then lets the next rule strike or the call through", async () => {
  const delayed = await faultsOf([{ delayMs: 30 }]);
  const began = performance.now();
  const status = await call(delayed);

  expect(status).toBe(200);
  expect(performance.now() - began).toBeGreaterThan(25);
  expect(await call(await faultsOf([{ delayMs: 1 }, THROTTLED]))).toBe(400);
});

test("a list takes the place of the one before; DELETE clears", async () => {
  const faults = await faultsOf([THROTTLED]);
  await ask(faults, "PUT", [{ ...THROTTLED, status: 503 }]);
  const replaced = await call(faults);
  const cleared = await ask(faults, "DELETE");

  expect(replaced).toBe(503);
  expect(cleared).toEqual({ status: 200, body: { faults: [] } });
  expect(await call(faults)).toBe(200);
});

test.each([
  ["no JSON", "[{", /^The body is no JSON/],
  ["no list", THROTTLED, /^The body must be a list of rules/],
  ["an unknown property", [{ ...THROTTLED, who: "x" }], /^Rule 1: .*who/],
  ["a probability above 1", [THROTTLED, { ...THROTTLED, probability: 2 }], /^Rule 2, "probability": /],
  ["a status of success", [{ ...THROTTLED, status: 200 }], /"status"/],
  ["a status without an error", [{ status: 500 }], /"status" and "error" go together/],
  ["nothing to do", [{ action: "s3:*" }], /"delayMs"/],
  ["an error that is no code", [{ ...THROTTLED, error: "a<b" }], /AWS error code/],
])("refuses %s and keeps what it had", async (_what, body, detail) => {
  const faults = await faultsOf([THROTTLED]);
  const answer = await ask(faults, "PUT", body);

  expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringMatching(detail) } });
  expect(await call(faults)).toBe(400);
});

test("refuses a seed that is none, and methods it has no answer to", async () => {
  expect(await ask(new Faults(), "PUT", [], "?seed=x")).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('"seed"') },
  });
  expect((await ask(new Faults(), "POST", [])).status).toBe(405);
});
