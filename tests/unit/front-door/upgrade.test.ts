import { once } from "node:events";
import * as http from "node:http";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import type { Exchange, Interceptor, Outcome, Tunnel } from "../../../local/front-door/interceptor";
import { FrontDoor } from "../../../local/front-door/proxy";
import { jsonReply } from "../../../local/front-door/reply";
import { type FakeEmulator, fakeEmulator } from "./fake-emulator";

let emulator: FakeEmulator;
let door: FrontDoor;
let outcomes: Outcome[];

const recorder: Interceptor = { name: "recorder", done: (_exchange, outcome) => void outcomes.push(outcome) };

async function open(...interceptors: Interceptor[]): Promise<void> {
  outcomes = [];
  emulator = await fakeEmulator();
  door = await FrontDoor.start({ interceptors: [recorder, ...interceptors] });
  door.connect(emulator.address);
}

afterEach(async () => {
  await door.stop();
  await emulator.stop();
});

/** An emulator that accepts and sends back what it gets. */
function echo(socket: Duplex, greeting = ""): void {
  socket.on("error", () => {});
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-A: b\r\n\r\n${greeting}`,
  );
  socket.pipe(socket);
}

function connect(): http.ClientRequest {
  const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "k", "X-Case": "kept" };
  return http.get(`${door.address}/_aws/execute-api/abc/live?token=t`, { headers });
}

async function connected(): Promise<{ response: http.IncomingMessage; socket: Duplex; beginning: Buffer }> {
  const [response, socket, beginning] = (await once(connect(), "upgrade")) as [
    http.IncomingMessage,
    Duplex,
    Buffer,
  ];
  return { response, socket, beginning };
}

test("an accepted WebSocket is a pipe", async () => {
  await open();
  let request: http.IncomingMessage | undefined;
  emulator.server.on("upgrade", (incoming, socket) => {
    request = incoming;
    echo(socket);
  });
  const { response, socket } = await connected();
  socket.write("hello");
  const [back] = (await once(socket, "data")) as [Buffer];

  expect(response.statusCode).toBe(101);
  expect(response.headers["x-a"]).toBe("b");
  expect(request?.url).toBe("/_aws/execute-api/abc/live?token=t");
  expect(request?.rawHeaders).toEqual(expect.arrayContaining(["X-Case", "kept"]));
  expect(back.toString()).toBe("hello");
  expect(outcomes).toMatchObject([{ status: 101, aborted: false }]);
  socket.destroy();
});

test("bytes that come along with the handshake are not lost", async () => {
  await open();
  emulator.server.on("upgrade", (_request, socket) => echo(socket, "welcome"));
  const { socket, beginning } = await connected();
  const greeting = beginning.length > 0 ? beginning : ((await once(socket, "data")) as [Buffer])[0];

  expect(greeting.toString()).toBe("welcome");
  socket.destroy();
});

test.each(["client", "emulator"])("when the %s closes, the other side is closed", async (who) => {
  await open();
  let far: Duplex | undefined;
  emulator.server.on("upgrade", (_request, socket) => {
    far = socket;
    echo(socket);
  });
  const { socket } = await connected();
  const [closing, other] = who === "client" ? [socket, far] : [far, socket];
  const closed = other && once(other, "close");
  other?.resume();
  closing?.destroy();

  await closed;
});

test("a refusal is an answer like any other", async () => {
  await open();
  emulator.server.on("upgrade", (_request, socket) => {
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\nX-A: b\r\n\r\ndenied");
  });
  const [response] = (await once(connect(), "response")) as [http.IncomingMessage];

  expect(response.statusCode).toBe(403);
  expect(response.headers["x-a"]).toBe("b");
  expect(await text(response)).toBe("denied");
  expect(outcomes).toMatchObject([{ status: 403 }]);
});

test("an emulator that is not there is a 503", async () => {
  await open();
  door.connect("http://127.0.0.1:1");
  const [response] = (await once(connect(), "response")) as [http.IncomingMessage];

  expect(response.statusCode).toBe(503);
  expect(await text(response)).toMatch(/does not answer/);
});

test("an interceptor may refuse", async () => {
  const asked = jest.fn();
  await open({
    name: "no",
    before: ({ upgrade }) => (upgrade ? jsonReply(429, { message: "No" }) : undefined),
  });
  emulator.server.on("upgrade", asked);
  const [response] = (await once(connect(), "response")) as [http.IncomingMessage];

  expect(response.statusCode).toBe(429);
  expect(await text(response)).toBe('{"message":"No"}');
  expect(asked).not.toHaveBeenCalled();
});

test("an interceptor may take back what the emulator accepted", async () => {
  await open({ name: "no", after: () => jsonReply(403, {}) });
  const closed = new Promise((resolve) => {
    emulator.server.on("upgrade", (_request, socket) => {
      socket.on("close", resolve);
      echo(socket);
    });
  });
  const [response] = (await once(connect(), "response")) as [http.IncomingMessage];
  response.resume();

  expect(response.statusCode).toBe(403);
  await closed;
});

test("an interceptor may listen to both ends", async () => {
  const heard: string[] = [];
  const opened = ({ call }: Exchange, { client, emulator }: Tunnel) => {
    heard.push(call.resource);
    client.on("data", (chunk) => heard.push(`client ${chunk}`));
    emulator.on("data", (chunk) => heard.push(`emulator ${chunk}`));
  };
  await open({ name: "ear", opened });
  emulator.server.on("upgrade", (_request, socket) => echo(socket));
  const { socket } = await connected();
  socket.write("hello");
  await once(socket, "data");

  expect(heard).toEqual(["abc/live/$connect", "client hello", "emulator hello"]);
  socket.destroy();
});

test("stopping closes what is open", async () => {
  await open();
  emulator.server.on("upgrade", (_request, socket) => echo(socket));
  const { socket } = await connected();
  socket.on("error", () => {});
  socket.resume();
  const closed = once(socket, "close");
  await door.stop();

  await closed;
});
