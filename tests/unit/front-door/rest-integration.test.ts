import type { ServiceAnswer, ServiceCall } from "../../../local/front-door/rest-backend";
import { RestBatches } from "../../../local/front-door/rest-batches";
import type { RestIntegration } from "../../../local/front-door/rest-description";
import { integrate, isDirect } from "../../../local/front-door/rest-integration";
import { restRequest } from "../../../local/front-door/rest-request";
import { exchangeOf, textOf } from "./exchange";
import { invoking, methodOf, stageOf, storing } from "./rest-stage";

/** The answer to a request by an integration whose store says this, and what the store was asked. */
async function answerOf(
  integration: RestIntegration,
  answer: Partial<ServiceAnswer> | Error = {},
  { headers = { "content-type": "application/json" } as Record<string, string>, body = "{}" } = {},
) {
  const calls: ServiceCall[] = [];
  const backend = {
    call: async (call: ServiceCall): Promise<ServiceAnswer> => {
      calls.push(call);
      if (answer instanceof Error) {
        throw answer;
      }
      return { status: 200, headers: {}, body: "", ...answer };
    },
  };
  const method = methodOf("POST /a", { integration });
  const exchange = await exchangeOf({ method: "POST", url: "/_aws/execute-api/abc/main/a", headers, body });
  const request = restRequest(exchange, stageOf([method]), method);
  const reply = await integrate(request, method, body, { backend, batches: { send: () => undefined } });
  return { reply, text: await textOf(reply), request, calls };
}

test("a body is stored as the role, and answered with the request's id", async () => {
  const { reply, text, request, calls } = await answerOf(storing, {}, { body: '{"a": "b&c"}' });

  expect([reply.status, text]).toEqual([202, `{"id":"${request.requestId}"}`]);
  expect(calls).toEqual([
    {
      address: { service: "sqs", region: "eu-west-1", operation: undefined, path: "/000000000000/views" },
      role: "arn:aws:iam::000000000000:role/store",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "Action=SendMessage&MessageBody=%7B%22a%22%3A%22b%26c%22%7D",
    },
  ]);
});

test.each([403, 400, 500])("the store's %i takes the answer for all others", async (status) => {
  const { reply, text } = await answerOf(storing, { status, body: "a detail" });

  expect([reply.status, text]).toEqual([503, '{"status":503}']);
  expect(reply.headers).toEqual(expect.arrayContaining(["retry-after", "1"]));
});

test("a template may answer otherwise, by what the store has said", async () => {
  const template =
    "#if($input.json('$.__type').contains('Exceeded'))#set($context.responseOverride.status = 503)" +
    '#set($context.responseOverride.header.Retry-After = "9")busy#{else}large#end';
  const answers = [
    {
      statusCode: "413",
      selectionPattern: "400",
      responseParameters: {},
      responseTemplates: { "application/json": template },
    },
  ];
  const of = async (type: string) => {
    const { reply, text } = await answerOf(
      { ...storing, answers },
      { status: 400, body: `{"__type":"${type}"}` },
    );
    return [reply.status, text, reply.headers.includes("retry-after")];
  };

  expect(await of("ProvisionedThroughputExceededException")).toEqual([503, "busy", true]);
  expect(await of("ValidationException")).toEqual([413, "large", false]);
});

test.each([
  ["NEVER", { a: "b" }, "text/plain", 415],
  ["NEVER", { a: "b" }, undefined, 202],
  ["WHEN_NO_TEMPLATES", {}, "text/plain", 415],
  ["WHEN_NO_MATCH", {}, "text/plain", 202],
])(
  "by %s, a media type without a template is passed on or not",
  async (passthroughBehavior, _body, type, status) => {
    const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
    const { reply } = await answerOf({ ...storing, passthroughBehavior }, {}, { headers });

    expect(reply.status).toBe(status);
  },
);

test("a store that cannot be reached tells nothing to the client", async () => {
  const told = jest.spyOn(console, "error").mockImplementation(() => {});
  const { reply, text } = await answerOf(storing, new Error("a detail"));
  told.mockRestore();

  expect([reply.status, text]).toEqual([504, '{"message":"Internal server error"}']);
});

test("a mock answers by itself", async () => {
  const answers = [
    {
      statusCode: "204",
      selectionPattern: undefined,
      responseParameters: { "method.response.header.Allow": "'GET'" },
      responseTemplates: {},
    },
  ];
  const mock = {
    ...storing,
    type: "MOCK",
    requestTemplates: { "application/json": '{"statusCode": 204}' },
    answers,
  };
  const { reply, calls } = await answerOf(mock);

  expect([reply.status, calls]).toEqual([204, []]);
  expect(reply.headers).toEqual(expect.arrayContaining(["allow", "GET"]));
});

test("functions are not called directly", () => {
  expect(isDirect(methodOf("GET /a", { integration: invoking }))).toBe(false);
  expect(isDirect(methodOf("GET /a", { integration: { ...invoking, type: "AWS" } }))).toBe(false);
  expect(isDirect(methodOf("GET /a", { integration: storing }))).toBe(true);
});

test("only what is a plain message joins a batch", async () => {
  const batches = new RestBatches({ call: async () => ({ status: 200, headers: {}, body: "{}" }) });
  const call = (body: string, service = "sqs"): ServiceCall => ({
    address: { service, region: "eu-west-1", operation: undefined, path: "/1/q" },
    role: "r",
    headers: {},
    body,
  });

  expect(batches.send(call("Action=SendMessage&MessageBody=a&DelaySeconds=1"))).toBeUndefined();
  expect(batches.send(call("Action=PurgeQueue&MessageBody=a"))).toBeUndefined();
  expect(batches.send(call("Action=SendMessage&MessageBody=a", "kinesis"))).toBeUndefined();
  expect(batches.send(call("Action=SendMessage&MessageBody=a&MessageBody=b"))).toBeUndefined();
  await expect(batches.send(call("Action=SendMessage&MessageBody=a"))).resolves.toMatchObject({
    status: 500,
  });
});
