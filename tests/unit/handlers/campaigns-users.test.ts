import type { EventBridgeEvent } from "aws-lambda";
import * as fc from "fast-check";
import { followUsers } from "../../../handlers/campaigns/follow-users";
import type { UserEvent, UserRemovedEvent } from "../../../handlers/users/events";
import { memoryTable } from "./campaigns-table";

type Event = EventBridgeEvent<string, UserEvent | UserRemovedEvent>;

const changed = (version: number, change: Partial<UserEvent> = {}, type = "changed") =>
  ({
    "detail-type": `user.${type}`,
    detail: {
      changeId: `c${version}`,
      user: "ann",
      version,
      email: `ann-${version}@example.com`,
      name: "Ann",
      newsletter: true,
      ...change,
    },
  }) as Event;
const removed = (version: number) =>
  ({ "detail-type": "user.removed", detail: { changeId: `c${version}`, user: "ann", version } }) as Event;

function users(disturbance: Parameters<typeof memoryTable>[1] = {}) {
  const recipients = memoryTable(["user"], disturbance);
  const deliveries = memoryTable(["campaign", "user"], disturbance);
  return { recipients, deliveries, follow: followUsers(recipients.client, deliveries.client) };
}

test("who registers is kept with their wish, and a change replaces it", async () => {
  const { recipients, follow } = users();

  await follow(changed(1, { newsletter: false }, "registered"));
  expect(recipients.items()).toEqual([
    { user: "ann", version: 1, email: "ann-1@example.com", name: "Ann", subscribed: false },
  ]);
  await follow(changed(2, { name: "" }));
  expect(recipients.items()).toEqual([
    { user: "ann", version: 2, email: "ann-2@example.com", name: "", subscribed: true },
  ]);
});

test("a change keeps which campaign the recipient got last", async () => {
  const { recipients, follow } = users();
  const last = { lastCampaign: "c", lastCampaignAt: "2026-01-02T03:04:05.000Z" };
  recipients.put({ user: "ann", version: 1, email: "a@example.com", name: "", subscribed: true, ...last });

  await follow(changed(2));

  expect(recipients.items()).toMatchObject([{ version: 2, ...last }]);
});

test("of who is gone nothing personal stays, nor their deliveries; others keep theirs", async () => {
  const { recipients, deliveries, follow } = users();
  recipients.put({ user: "ann", version: 1, email: "a@example.com", name: "Ann", lastCampaign: "c" });
  for (let campaign = 1; campaign <= 30; campaign += 1) {
    deliveries.put({ campaign: `c${campaign}`, user: "ann" });
  }
  deliveries.put({ campaign: "c1", user: "bob" });

  await follow(removed(2));

  expect(recipients.items()).toEqual([{ user: "ann", version: 2, removed: true }]);
  expect(deliveries.items()).toEqual([{ campaign: "c1", user: "bob" }]);
});

test("a removal that failed half-way is made up when it is told again", async () => {
  const failing = { times: 1 };
  const { recipients, deliveries, follow } = users({
    interrupt: () => {
      failing.times -= 1;
      if (failing.times === 0) {
        throw new Error("the answer was lost");
      }
    },
  });
  deliveries.put({ campaign: "c1", user: "ann" });
  await expect(follow(removed(2))).rejects.toThrow("lost");
  expect(deliveries.items()).toHaveLength(1);

  await follow(removed(2));

  expect(deliveries.items()).toEqual([]);
  expect(recipients.items()).toEqual([{ user: "ann", version: 2, removed: true }]);
});

test("in whatever order and however often events come, the newest tells what is kept", async () => {
  const history = fc
    .array(fc.boolean(), { minLength: 1, maxLength: 5 })
    .map((newsletters) => [
      ...newsletters.map((newsletter, index) => changed(index + 1, { newsletter })),
      removed(newsletters.length + 1),
    ]);
  const told = fc
    .tuple(history, fc.boolean(), fc.array(fc.nat(5), { maxLength: 6 }))
    .chain(([all, isRemoved, repeated]) => {
      const events = isRemoved ? all : all.slice(0, -1);
      const again = repeated.flatMap((index) => events[index] ?? []);
      const both = [...events, ...again];
      return fc.tuple(fc.constant(events), fc.shuffledSubarray(both, { minLength: both.length }));
    });
  await fc.assert(
    fc.asyncProperty(told, async ([events, order]) => {
      const { recipients, deliveries, follow } = users();
      deliveries.put({ campaign: "c1", user: "ann" });

      for (const event of order) {
        await follow(event);
      }

      const last = events.at(-1)?.detail;
      const expected =
        last && "email" in last
          ? {
              user: "ann",
              version: last.version,
              email: last.email,
              name: last.name,
              subscribed: last.newsletter,
            }
          : { user: "ann", version: events.length, removed: true };
      expect(recipients.items()).toEqual([expected]);
      expect(deliveries.items()).toHaveLength(last && "email" in last ? 1 : 0);
    }),
  );
});
