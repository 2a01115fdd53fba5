import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { ApiGatewayV2Client, GetRouteCommand } from "@aws-sdk/client-apigatewayv2";
import type * as aws from "@pulumi/aws";
import { asset } from "@pulumi/pulumi";
import * as esbuild from "esbuild";
import { WebSocket } from "ws";
import { apigatewayv2 } from "../../../local/aws/apigatewayv2";
import { iam } from "../../../local/aws/iam";
import { lambda } from "../../../local/aws/lambda";
import { type Deployed, eventually, Stack } from "./stack";

/** Notes what it is called with in a file: another call may be in another process. */
const socketFunction = `
import { appendFileSync } from "node:fs";
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
const { ENDPOINT: endpoint, EVENTS } = process.env;
const client = new ApiGatewayManagementApiClient({ endpoint });
const post = (ConnectionId, message) =>
  client.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(message) }));
export async function handler(event) {
  appendFileSync(EVENTS, JSON.stringify(event) + "\\n");
  const { connectionId, eventType, routeKey } = event.requestContext;
  if (event.queryStringParameters?.decline) return { statusCode: 418 };
  if (eventType !== "MESSAGE") return { statusCode: 200 };
  const { fail, text, to } = JSON.parse(event.body);
  if (fail) throw new Error("it fails");
  const posted = to && await post(to, { text }).then(
    () => "posted",
    ({ name, $metadata }) => name + " " + $metadata?.httpStatusCode,
  );
  await post(connectionId, { routeKey, text, posted });
  return { statusCode: 200 };
}`;

const authorizerFunction = `
exports.handler = async ({ queryStringParameters, methodArn, type }) => ({
  principalId: "user-1",
  policyDocument: {
    Version: "2012-10-17",
    Statement: [{
      Action: "execute-api:Invoke",
      Effect: queryStringParameters.token === "good" ? "Allow" : "Deny",
      Resource: methodArn,
    }],
  },
  context: { scope: "live", type },
});`;

let stack: Stack;
let url: string;
let api: Deployed<aws.apigatewayv2.ApiArgs>;
let folder: string;
const sockets = new Set<WebSocket>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "websocket-"));
  stack = await Stack.start(apigatewayv2, iam, lambda);
  api = await stack.create<aws.apigatewayv2.ApiArgs>("aws:apigatewayv2/api:Api", {
    name: "live",
    protocolType: "WEBSOCKET",
    routeSelectionExpression: "$request.body.action",
  });
  const stage = await stack.create<aws.apigatewayv2.StageArgs>("aws:apigatewayv2/stage:Stage", {
    apiId: api.id,
    name: "main",
    autoDeploy: true,
  });
  url = String(stage.outputs.invokeUrl);
  const authorize = await createFunction("authorize", authorizerFunction);
  const serve = await createFunction("serve", await bundle(socketFunction));
  const authorizer = await stack.create<aws.apigatewayv2.AuthorizerArgs>(
    "aws:apigatewayv2/authorizer:Authorizer",
    {
      apiId: api.id,
      authorizerType: "REQUEST",
      authorizerUri: String(authorize.outputs.invokeArn),
      identitySources: ["route.request.querystring.token"],
      name: "token",
    },
  );
  const integration = await stack.create<aws.apigatewayv2.IntegrationArgs>(
    "aws:apigatewayv2/integration:Integration",
    {
      apiId: api.id,
      integrationMethod: "POST",
      integrationType: "AWS_PROXY",
      integrationUri: String(serve.outputs.invokeArn),
    },
  );
  const createRoute = (routeKey: string, authorization: object = {}) =>
    stack.create<aws.apigatewayv2.RouteArgs>("aws:apigatewayv2/route:Route", {
      apiId: api.id,
      routeKey,
      target: `integrations/${integration.id}`,
      ...authorization,
    });
  await createRoute("$connect", { authorizationType: "CUSTOM", authorizerId: authorizer.id });
  for (const routeKey of ["$disconnect", "$default", "send"]) await createRoute(routeKey);
});

afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

async function bundle(contents: string): Promise<string> {
  const resolveDir = path.resolve(__dirname, "../../..");
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
  });
  return outputFiles[0]?.text ?? "";
}

async function createFunction(name: string, code: string): Promise<Deployed<aws.lambda.FunctionArgs>> {
  const role = await stack.create<aws.iam.RoleArgs>("aws:iam/role:Role", { name, assumeRolePolicy: "{}" });
  await stack.create<aws.iam.RolePolicyArgs>("aws:iam/rolePolicy:RolePolicy", {
    name: "post",
    role: name,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "execute-api:ManageConnections",
          Resource: `${api.outputs.executionArn}/main/POST/@connections/*`,
        },
      ],
    }),
  });
  return stack.create<aws.lambda.FunctionArgs>("aws:lambda/function:Function", {
    name,
    code: new asset.AssetArchive({ "index.js": new asset.StringAsset(code) }),
    environment: { variables: { ENDPOINT: managementAddress(), EVENTS: eventsFile() } },
    handler: "index.handler",
    role: String(role.outputs.arn),
    runtime: "nodejs20.x",
  });
}

/** Where a function posts to connections, from the address clients connect to: the same on AWS, where it is `wss:`. */
function managementAddress(): string {
  return url.replace(/^ws/, "http");
}

const eventsFile = () => path.join(folder, "events");

interface SocketEvent {
  readonly requestContext: Readonly<Record<string, unknown>>;
  readonly body?: string;
}

async function notedEvents(): Promise<SocketEvent[]> {
  const lines = (await readFile(eventsFile(), "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** The first event that was noted with these values in its context. */
function noted(context: Record<string, string>): Promise<SocketEvent> {
  return eventually(async () =>
    (await notedEvents()).find(({ requestContext }) =>
      Object.entries(context).every(([name, value]) => requestContext[name] === value),
    ),
  );
}

/** A connected client, or the answer to its refused handshake. */
async function connect(query: string) {
  const socket = new WebSocket(`${url}${query}`);
  sockets.add(socket);
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(String(data)));
  const refusal = once(socket, "unexpected-response").then(([, response]) => Number(response.statusCode));
  const refused = await Promise.race([once(socket, "open").then(() => undefined), refusal]);
  return { socket, messages, refused };
}
type Client = Awaited<ReturnType<typeof connect>>;

/** Sends a message and waits for what comes then. */
async function ask({ socket, messages }: Client, message: object): Promise<string> {
  const before = messages.length;
  socket.send(JSON.stringify(message));
  return eventually(async () => messages[before]);
}

/** The id of a client's connection, which only its events tell. */
async function connectionId(client: Client, text: string): Promise<string> {
  await ask(client, { action: "send", text });
  const events = await notedEvents();
  return String(events.find(({ body }) => body?.includes(text))?.requestContext.connectionId);
}

test.each([
  ["no token", "", 401],
  ["a bad token", "?token=bad", 403],
  ["a token that the function of $connect declines", "?token=good&decline=1", 403],
])("a handshake with %s is refused", async (_what, query, status) => {
  // Act
  const { refused } = await connect(query);

  // Assess
  expect(refused).toBe(status);
});

test("a client with a good token gets what the function posts, and its events tell of it", async () => {
  // Prepare
  const client = await connect("?token=good&device=phone");

  // Act
  const answer = await ask(client, { action: "send", text: "hello" });

  // Assess
  const id = await connectionId(client, "whose");
  const opened = await noted({ connectionId: id, eventType: "CONNECT" });
  const sent = await noted({ connectionId: id, eventType: "MESSAGE" });
  expect(JSON.parse(answer)).toEqual({ routeKey: "send", text: "hello" });
  expect(opened).toMatchObject({
    requestContext: {
      apiId: api.id,
      authorizer: { principalId: "user-1", scope: "live", type: "REQUEST" },
      domainName: expect.stringContaining(`${api.id}.execute-api.`),
      routeKey: "$connect",
      stage: "main",
    },
    queryStringParameters: { token: "good", device: "phone" },
  });
  expect(sent).toMatchObject({
    requestContext: {
      authorizer: { principalId: "user-1" },
      messageId: expect.any(String),
      routeKey: "send",
      stage: "main",
    },
    body: '{"action":"send","text":"hello"}',
    isBase64Encoded: false,
  });
});

test("a message of no route goes to $default", async () => {
  // Prepare
  const client = await connect("?token=good");

  // Act
  const answer = await ask(client, { action: "unknown", text: "hello" });

  // Assess
  expect(JSON.parse(answer)).toEqual({ routeKey: "$default", text: "hello" });
});

test("an error of the function does not end the connection", async () => {
  // Prepare
  const client = await connect("?token=good");

  // Act
  await ask(client, { action: "send", fail: true });
  const answer = await ask(client, { action: "send", text: "still here" });

  // Assess
  expect(JSON.parse(answer)).toMatchObject({ text: "still here" });
});

test("a client that leaves is told of, and gone for who posts to it", async () => {
  // Prepare
  const leaving = await connect("?token=good");
  const staying = await connect("?token=good");
  const id = await connectionId(leaving, "leaving");
  const reached = await ask(staying, { action: "send", to: id, text: "in time" });
  leaving.socket.close();
  const left = await noted({ connectionId: id, eventType: "DISCONNECT" });

  // Act
  const answer = await ask(staying, { action: "send", to: id, text: "late" });

  // Assess
  expect(JSON.parse(reached)).toMatchObject({ posted: "posted" });
  expect(left).toMatchObject({
    requestContext: {
      authorizer: { principalId: "user-1" },
      disconnectStatusCode: expect.any(Number),
      routeKey: "$disconnect",
    },
  });
  expect(JSON.parse(answer)).toMatchObject({ posted: "GoneException 410" });
});

test("a connection can be asked for and ended from outside", async () => {
  // Prepare
  const client = await connect("?token=good");
  const ConnectionId = await connectionId(client, "outside");
  const closed = once(client.socket, "close");
  const management = new ApiGatewayManagementApiClient({
    endpoint: managementAddress(),
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const outcome = () =>
    management.send(new GetConnectionCommand({ ConnectionId })).then(
      ({ $metadata }) => $metadata.httpStatusCode,
      (error: Error) => error.name,
    );

  // Act
  const open = await outcome();
  await management.send(new DeleteConnectionCommand({ ConnectionId }));
  await closed;

  // Assess
  expect([open, await outcome()]).toEqual([200, "GoneException"]);
});

test("a route response lives from creation to deletion", async () => {
  // Prepare
  const route = await stack.create<aws.apigatewayv2.RouteArgs>("aws:apigatewayv2/route:Route", {
    apiId: api.id,
    routeKey: "answer",
    routeResponseSelectionExpression: "$default",
  });
  const found = await stack.cloud
    .client(ApiGatewayV2Client)
    .send(new GetRouteCommand({ ApiId: api.id, RouteId: route.id }));

  // Act
  const response = await stack.create<aws.apigatewayv2.RouteResponseArgs>(
    "aws:apigatewayv2/routeResponse:RouteResponse",
    { apiId: api.id, routeId: route.id, routeResponseKey: "$default" },
  );
  await response.update({ modelSelectionExpression: "$default" });
  const read = await response.read();
  await response.delete();
  await response.delete();

  // Assess
  expect(found.RouteResponseSelectionExpression).toBe("$default");
  expect(read).toEqual({});
  expect(await response.read()).toBeUndefined();
});
