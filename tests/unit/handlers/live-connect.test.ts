import { marshall } from "@aws-sdk/util-dynamodb";
import { connect, maximumConnections } from "../../../handlers/live/connect";
import { disconnect } from "../../../handlers/live/disconnect";
import { type Behaviour, inOneHour, memoryTable, socketEvent, sockets } from "./live-cloud";

const now = () => Math.floor(Date.now() / 1000);

/** The API's connections, with some of `ann`'s that were made `ageSeconds` ago. */
function door(count = 0, ageSeconds = 600, behaviours: Record<string, Behaviour> = {}) {
  const connections = memoryTable("id");
  for (let index = 0; index < count; index += 1) {
    connections.add(
      marshall({ user: "ann", id: `old${index}`, connectedAt: now() - ageSeconds, expiresAt: inOneHour() }),
    );
  }
  const socket = sockets(behaviours);
  return { connections, socket, enter: connect(connections.client, socket.client) };
}
const idsOf = ({ connections }: ReturnType<typeof door>) => connections.items().map(({ id }) => id);

test("a connection is noted under its user, until the token expires", async () => {
  const { connections, enter } = door();
  const tokenExpiresAt = now() + 1800;

  expect(await enter(socketEvent({ tokenExpiresAt }))).toEqual({ statusCode: 200 });

  expect(connections.items()).toEqual([
    { user: "ann", id: "c1", connectedAt: expect.any(Number), expiresAt: tokenExpiresAt },
  ]);
});

test("a token that is good for a day makes no connection longer than API Gateway's two hours", async () => {
  const { connections, enter } = door();

  await enter(socketEvent({ tokenExpiresAt: now() + 86_400 }));

  const [{ connectedAt, expiresAt } = {}] = connections.items();
  expect(expiresAt - connectedAt).toBe(7200);
});

test("one more than a user may have is refused and leaves nothing; others may still come", async () => {
  const full = door(maximumConnections);

  expect(await full.enter(socketEvent({ id: "more" }))).toEqual({ statusCode: 429 });
  expect(idsOf(full)).toHaveLength(maximumConnections);
  expect(idsOf(full)).not.toContain("more");

  expect(await full.enter(socketEvent({ user: "bob", id: "b" }))).toEqual({ statusCode: 200 });
});

test("connections that left without a word are forgotten rather than lock their user out", async () => {
  const full = door(maximumConnections, 600, { old3: "gone", old7: "gone" });

  expect(await full.enter(socketEvent({ id: "more" }))).toEqual({ statusCode: 200 });

  expect(idsOf(full)).toHaveLength(maximumConnections - 1);
  expect(idsOf(full)).toContain("more");
  expect(idsOf(full)).not.toContain("old3");
});

test("items that have expired but are not removed yet do not count", async () => {
  const full = door(maximumConnections);
  for (const { id } of full.connections.items()) {
    full.connections.add(marshall({ user: "ann", id, connectedAt: 0, expiresAt: now() - 1 }));
  }

  expect(await full.enter(socketEvent({ id: "more" }))).toEqual({ statusCode: 200 });
});

test("those that are only connecting, which API Gateway calls gone, are not asked after and count", async () => {
  const full = door(maximumConnections, 5, { old0: "gone" });

  expect(await full.enter(socketEvent({ id: "more" }))).toEqual({ statusCode: 429 });

  expect(full.socket.asked).toEqual([]);
  expect(idsOf(full)).toHaveLength(maximumConnections);
});

test("one that cannot be asked after counts", async () => {
  const full = door(maximumConnections, 600, { old0: "fails" });

  expect(await full.enter(socketEvent({ id: "more" }))).toEqual({ statusCode: 429 });
});

test("of many that come at once, never more are let in than a user may have", async () => {
  const { connections, enter } = door();
  const ids = Array.from({ length: 25 }, (_, index) => `c${index}`);

  const results = await Promise.all(ids.map((id) => enter(socketEvent({ id }))));

  const admitted = ids.filter((_, index) => results[index]?.statusCode === 200);
  expect(admitted.length).toBeLessThanOrEqual(maximumConnections);
  expect(connections.items().map(({ id }) => id)).toEqual(admitted);
});

test("an event that tells of no user is an error that says why", async () => {
  const event = socketEvent();
  const { authorizer: _authorizer, ...requestContext } = event.requestContext;

  await expect(door().enter({ ...event, requestContext })).rejects.toThrow(
    /send says of no user: .*authorizer/,
  );
});

test("a connection that was closed is forgotten, and no other", async () => {
  const { connections } = door(2);

  const result = await disconnect(connections.client)(socketEvent({ id: "old0" }));

  expect(result).toEqual({ statusCode: 200 });
  expect(connections.items().map(({ id }) => id)).toEqual(["old1"]);
});

test("another user's connection of the same id is not", async () => {
  const { connections } = door(1);

  await disconnect(connections.client)(socketEvent({ user: "eve", id: "old0" }));

  expect(connections.items()).toHaveLength(1);
});
