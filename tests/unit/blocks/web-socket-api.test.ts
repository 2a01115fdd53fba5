import type { FunctionOptions } from "../../../components/function";
import type { ConnectionsClient } from "../../../components/sdk/connections";
import { WebSocketApi, type WebSocketApiArgs } from "../../../components/web-socket-api";
import { evaluate, granted, only, type Registered } from "../program";

const ok = async () => ({ statusCode: 200 });
const deny = async () => ({ principalId: "", policyDocument: { Version: "2012-10-17", Statement: [] } });

const chat = (args: Partial<WebSocketApiArgs> = {}) =>
  new WebSocketApi("chat", {
    authorizer: { handler: deny, environment: { USER_POOL_ID: "pool" } },
    connect: () => ok,
    throttle: { rate: 10, burst: 20 },
    ...args,
  });

const evaluateChat = (use: (api: WebSocketApi) => unknown = () => {}, args: Partial<WebSocketApiArgs> = {}) =>
  evaluate(() => {
    const api = chat(args);
    use(api);
    return { url: api.url };
  });

const apiArn = "arn:aws:execute-api:eu-west-1:123456789012:chat";
const routes = ({ resources }: { resources: Registered[] }) =>
  resources.filter(({ type }) => type === "aws:apigatewayv2/route:Route").map(({ inputs }) => inputs);

test("messages are routed by their action", async () => {
  const graph = await evaluateChat();

  expect(only(graph, "aws:apigatewayv2/api:Api", "chat").inputs).toMatchObject({
    protocolType: "WEBSOCKET",
    routeSelectionExpression: "$request.body.action",
  });
});

test("nobody connects without the authorizer's leave, whatever else the API has", async () => {
  const alone = await evaluateChat();
  const withRoutes = await evaluateChat((api) => {
    api.disconnect(ok);
    api.route("send", ok);
    api.route("$default", ok);
  });

  const door = { routeKey: "$connect", authorizationType: "CUSTOM", authorizerId: "chat-authorizer-id" };
  expect(routes(alone)).toEqual([expect.objectContaining(door)]);
  expect(routes(withRoutes).filter(({ routeKey }) => routeKey === "$connect")).toEqual([
    expect.objectContaining(door),
  ]);
  expect(only(withRoutes, "aws:apigatewayv2/authorizer:Authorizer", "chat-authorizer").inputs).toMatchObject({
    authorizerType: "REQUEST",
    identitySources: ["route.request.querystring.token"],
  });
});

test("the authorizer reads the environment given, and may call nothing", async () => {
  const graph = await evaluateChat();

  const { inputs } = only(graph, "aws:lambda/function:Function", "chat-authorize");
  expect(inputs.environment).toEqual({ variables: { USER_POOL_ID: "pool" } });
  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "chat-authorize-policy"))).toEqual({});
});

test("each route and the authorizer have a function, which the API may call for that alone", async () => {
  const graph = await evaluateChat((api) => {
    api.disconnect(ok);
    api.route("send", ok);
    api.route("$default", ok);
  });

  const permissions = graph.resources
    .filter(({ type }) => type === "aws:lambda/permission:Permission")
    .map(({ inputs }) => [inputs.function, inputs.principal, inputs.sourceArn]);
  const gateway = "apigateway.amazonaws.com";
  expect(permissions.sort()).toEqual([
    ["chat-authorize", gateway, `${apiArn}/authorizers/chat-authorizer-id`],
    ["chat-connect", gateway, `${apiArn}/main/$connect`],
    ["chat-default", gateway, `${apiArn}/main/$default`],
    ["chat-disconnect", gateway, `${apiArn}/main/$disconnect`],
    ["chat-send", gateway, `${apiArn}/main/send`],
  ]);
  const functions = graph.resources.filter(({ type }) => type === "aws:lambda/function:Function");
  expect(functions).toHaveLength(5);
});

const post = (client: ConnectionsClient) => async () => {
  await client.PostToConnection({ ConnectionId: "c", Data: "hello" });
  return { statusCode: 200 };
};
const closeIfIdle = (client: ConnectionsClient) => async () => {
  await client.GetConnection({ ConnectionId: "c" });
  await client.DeleteConnection({ ConnectionId: "c" });
  return { statusCode: 200 };
};

test("a callback may do to connections what it calls, on this API's stage alone", async () => {
  const graph = await evaluateChat(
    (api) => {
      api.route("send", post(api.sdk));
      api.disconnect(ok);
    },
    { connect: closeIfIdle },
  );

  const statements = (name: string) => {
    const { inputs } = only(graph, "aws:iam/rolePolicy:RolePolicy", `${name}-policy`);
    const { Statement } = JSON.parse(String(inputs.policy)) as {
      Statement: { Action: string[]; Resource: string }[];
    };
    return Statement.filter(({ Action }) => !/^(logs|xray):/.test(Action[0] ?? ""));
  };
  const managing = (verb: string) => ({
    Effect: "Allow",
    Action: ["execute-api:ManageConnections"],
    Resource: `${apiArn}/main/${verb}/@connections/*`,
  });
  expect(statements("chat-send")).toEqual([managing("POST")]);
  expect(statements("chat-connect")).toEqual([managing("DELETE"), managing("GET")]);
  expect(statements("chat-disconnect")).toEqual([]);
  expect(only(graph, "aws:lambda/function:Function", "chat-send").inputs.environment).toEqual({
    variables: { CHAT_ENDPOINT: expect.stringMatching(/\/main$/) },
  });
});

test("the stage deploys itself, throttles all routes, measures and logs without telling tokens", async () => {
  const graph = await evaluateChat();

  const { inputs } = only(graph, "aws:apigatewayv2/stage:Stage", "chat-stage");
  expect(inputs).toMatchObject({
    name: "main",
    autoDeploy: true,
    accessLogSettings: { destinationArn: "arn:aws:cloudwatch:eu-west-1:123456789012:chat-access" },
    defaultRouteSettings: {
      detailedMetricsEnabled: true,
      throttlingRateLimit: 10,
      throttlingBurstLimit: 20,
    },
  });
  expect(JSON.stringify(inputs.accessLogSettings)).not.toMatch(/querystring|token/i);
  expect(graph.outputs.url).toBe("https://chat-stage.example/");
});

test.each<[FunctionOptions, FunctionOptions]>([
  [{ timeoutSeconds: 30 }, {}],
  [{}, { timeoutSeconds: 30 }],
])("a function that may take longer than API Gateway waits is refused: %j %j", async (functions, own) => {
  const attempt = evaluateChat((api) => api.route("send", ok, { function: own }), { functions });

  await expect(attempt).rejects.toThrow(/^chat-\w+: timeoutSeconds is 30; .* from 1 to 29/);
});
