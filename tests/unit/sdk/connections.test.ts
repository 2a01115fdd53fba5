import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as management from "@aws-sdk/client-apigatewaymanagementapi";
import * as pulumi from "@pulumi/pulumi";
import { bind } from "../../../components/sdk/bind";
import { type ConnectionsClient, connectionMethods } from "../../../components/sdk/connections";

pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });

const connectionsOf = (name: string): ConnectionsClient =>
  bind(connectionMethods, {
    owner: `WebSocket API "${name}"`,
    name,
    arn: pulumi.output(`arn:${name}/main`),
    target: { Endpoint: pulumi.output(`https://${name}.example/main`) },
  });

const requests: string[] = [];
let sockets = 0;
let status = 200;
const server = http.createServer((request, response) => {
  requests.push(`${request.method} ${request.url}`);
  request.resume().on("end", () => {
    response.writeHead(status, status === 410 ? { "x-amzn-errortype": "GoneException" } : {});
    response.end();
  });
});
server.on("connection", () => {
  sockets += 1;
});

const environment = {
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "k",
  AWS_SECRET_ACCESS_KEY: "s",
};
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, environment, {
    CHAT_ENDPOINT: `${address}/chat/main`,
    GAME_ENDPOINT: `${address}/game/main`,
  });
});
afterAll(() => {
  for (const name of [...Object.keys(environment), "CHAT_ENDPOINT", "GAME_ENDPOINT"]) {
    delete process.env[name];
  }
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests.length = 0;
  sockets = 0;
  status = 200;
});

test("each API is called at its own address, through one client for all its calls", async () => {
  const chat = connectionsOf("chat");
  const game = connectionsOf("game");
  const Data = new TextEncoder().encode("hello");

  await chat.PostToConnection({ ConnectionId: "c1=", Data });
  await chat.GetConnection({ ConnectionId: "c1=" });
  await chat.DeleteConnection({ ConnectionId: "c1=" });
  await game.PostToConnection({ ConnectionId: "g1", Data });

  expect(requests).toEqual([
    "POST /chat/main/@connections/c1%3D",
    "GET /chat/main/@connections/c1%3D",
    "DELETE /chat/main/@connections/c1%3D",
    "POST /game/main/@connections/g1",
  ]);
  // Each client has a connection pool of its own.
  expect(sockets).toBe(2);
});

test("a client that has left is told by its error", async () => {
  status = 410;

  await expect(connectionsOf("chat").GetConnection({ ConnectionId: "c1" })).rejects.toThrow(
    management.GoneException,
  );
});

test("a call that fails for the moment is tried once more, not for longer", async () => {
  status = 500;

  await expect(connectionsOf("chat").GetConnection({ ConnectionId: "c1" })).rejects.toThrow();

  expect(requests).toHaveLength(2);
});
