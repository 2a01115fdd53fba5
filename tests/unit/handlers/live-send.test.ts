import { marshall } from "@aws-sdk/util-dynamodb";
import * as fc from "fast-check";
import { type ServerMessage, serverMessage } from "../../../handlers/live/messages";
import { maximumMessageBytes, send } from "../../../handlers/live/send";
import { unknown } from "../../../handlers/live/unknown";
import { type Behaviour, inOneHour, memoryTable, socketEvent, sockets } from "./live-cloud";

const photoOf = (index: number) => `0b8f2c1e-7d4a-4c56-9f10-2a3b4c5d6e7${index}`;
const pictureOf = (index: number): ServerMessage => ({
  type: "picture",
  photo: photoOf(index),
  revision: "1",
  state: "ready",
  renditions: [],
});
const campaign: ServerMessage = {
  type: "campaign",
  campaign: photoOf(7),
  subject: "News",
  status: "pending",
  sequence: 2,
  recipients: 3,
};
const state = (index: number, changes: object = {}) =>
  marshall({
    user: "ann",
    subject: `picture/${photoOf(index)}`,
    message: pictureOf(index),
    progress: "1/4",
    changedAt: 1000 + index,
    expiresAt: inOneHour(),
    ...changes,
  });

function service(behaviours: Record<string, Behaviour> = {}) {
  const states = memoryTable("subject");
  const socket = sockets(behaviours);
  return { states, socket, handle: send(states.client, socket.client).factory() };
}
const body = (type: string) => JSON.stringify({ action: "send", type });

afterEach(() => {
  jest.useRealTimers();
});

test("a ping is answered to the client that sent it", async () => {
  const { socket, handle } = service();

  expect(await handle(socketEvent({ id: "c7", body: body("ping") }))).toEqual({ statusCode: 200 });

  expect(socket.posts).toEqual([{ id: "c7", message: { type: "pong" } }]);
});

test("who comes back is told every state of theirs that is left, the oldest first, over all pages", async () => {
  const { states, socket, handle } = service();
  for (const index of [4, 0, 3, 1, 2]) {
    states.add(state(index));
  }
  states.add(state(2.5, { subject: `campaign/${photoOf(7)}`, message: campaign }));
  states.add(state(8, { user: "bob" }));
  states.add(state(9, { expiresAt: 1 }));

  await handle(socketEvent({ body: body("resume") }));

  const messages = socket.posts.map(({ message }) => serverMessage().parse(message));
  expect(messages).toEqual([
    ...[0, 1, 2].map(pictureOf),
    campaign,
    ...[3, 4].map(pictureOf),
    { type: "resumed", count: 6 },
  ]);
  // The order is that of sending, which Query knows nothing of.
  expect(socket.posts.every(({ id }) => id === "c1")).toBe(true);
});

test.each([
  ["no JSON", "{", /not valid JSON/],
  ["nothing", undefined, /not valid JSON/],
  ["no object", "7", /not valid: message: /],
  ["an unknown type", body("shout"), /not valid: type: /],
  [
    "a field that does not exist",
    JSON.stringify({ action: "send", type: "ping", to: "c2" }),
    /not valid: .*"to"/,
  ],
  ["too much", body("x".repeat(maximumMessageBytes)), /has \d+ bytes; at most 4096/],
  ["too much that has few characters", body("🏜️".repeat(1000)), /has \d+ bytes; at most 4096/],
])("a message with %s is answered with what is wrong, to its sender alone", async (_, text, detail) => {
  const { socket, handle } = service();

  expect(await handle(socketEvent({ id: "c7", body: text }))).toEqual({ statusCode: 200 });

  expect(socket.posts).toEqual([
    { id: "c7", message: { type: "error", detail: expect.stringMatching(detail) } },
  ]);
});

test("no message whatever makes the handler fail, or answer nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: "binary" })), async (text) => {
      const { socket, handle } = service();

      await handle(socketEvent({ body: text }));

      expect(socket.posts).toHaveLength(1);
    }),
  );
});

test("a binary message is read as text", async () => {
  const { socket, handle } = service();
  const text = Buffer.from(body("ping")).toString("base64");

  await handle(socketEvent({ body: text, isBase64Encoded: true }));

  expect(socket.posts).toMatchObject([{ message: { type: "pong" } }]);
});

test("a client whose token has expired is told to come again with a new one, and its connection closed", async () => {
  const { states, socket, handle } = service();
  states.add(state(1));

  await handle(socketEvent({ body: body("resume"), tokenExpiresAt: Math.floor(Date.now() / 1000) - 1 }));

  expect(socket.posts).toMatchObject([
    { message: { type: "error", detail: expect.stringMatching(/expired/) } },
  ]);
  expect(socket.closed).toEqual(["c1"]);
});

test("a client that left is told no more", async () => {
  const { states, socket, handle } = service({ c1: "gone" });
  states.add(state(1));
  states.add(state(2));

  expect(await handle(socketEvent({ body: body("resume") }))).toEqual({ statusCode: 200 });

  expect(socket.posts).toEqual([]);
});

test("a client that never takes its answer fails the call after two seconds", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick"] });
  const { handle } = service({ c1: "hangs" });

  const handled = expect(handle(socketEvent({ body: body("ping") }))).rejects.toThrow(/longer than 2000 ms/);
  await jest.advanceTimersByTimeAsync(2000);

  await handled;
});

test("a message that leads nowhere is answered with where it could", async () => {
  const socket = sockets();

  await unknown(socket.client)(socketEvent({ id: "c7", body: "hello" }));

  expect(socket.posts).toEqual([
    {
      id: "c7",
      message: { type: "error", detail: expect.stringMatching(/"action"; the actions are: send/) },
    },
  ]);
});
