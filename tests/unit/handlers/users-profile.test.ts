import type { EventBridgeEvent } from "aws-lambda";
import * as fc from "fast-check";
import type { BusClient } from "../../../components/sdk/eventbridge";
import { announce } from "../../../handlers/users/announce";
import { change } from "../../../handlers/users/change-profile";
import { erase } from "../../../handlers/users/erase";
import type { UserRemovedEvent } from "../../../handlers/users/events";
import { read, show } from "../../../handlers/users/read-profile";
import { remove } from "../../../handlers/users/remove-account";
import { call } from "./http-event";
import { ann, callAs, profileTable, refusing, userPool } from "./user-cloud";

function table(profile: object | undefined = ann, options?: Parameters<typeof profileTable>[0]) {
  const made = profileTable(options);
  if (profile) {
    made.put(profile);
  }
  return made;
}
const none = () => profileTable();
const removed = { ...ann, removedAt: "2026-02-03T04:05:06.000Z", version: 4 };

describe("read", () => {
  test("answers one's own profile without what only the service uses", async () => {
    const { client } = table({ ...ann, groups: new Set(["editors"]) });

    expect(await call(read(client), { user: "ann" })).toMatchObject({ status: 200, body: ann });
    expect((await call(read(client), { user: "ann" })).body).not.toHaveProperty("groups");
  });

  test("404 for who has none or is going", async () => {
    expect((await call(read(none().client), { user: "ann" })).status).toBe(404);
    expect((await call(read(table(removed).client), { user: "ann" })).status).toBe(404);
  });
});

describe("show", () => {
  const lambda = { partner: "p1" };

  test("tells a partner of a user what is public, and no address or number", async () => {
    const { status, body } = await callAs(show(table().client), { lambda, path: { user: "ann" } });

    expect(status).toBe(200);
    expect(body).toEqual({ user: "ann", name: "Ann", about: "" });
  });

  test("404 for who is not there or going, 401 for who is no partner", async () => {
    const ask = (client: ReturnType<typeof none>["client"], options: object) =>
      callAs(show(client), { path: { user: "ann" }, ...options });

    expect((await ask(none().client, { lambda })).status).toBe(404);
    expect((await ask(table(removed).client, { lambda })).status).toBe(404);
    expect((await ask(table().client, { user: "ann" })).status).toBe(401);
  });
});

describe("change", () => {
  const request = { user: "ann", body: { version: 3, name: "Anna" } };

  test("changes what is named, keeps the rest and counts the version", async () => {
    const profiles = table();

    const { status, body } = await call(change(profiles.client), request);

    expect(status).toBe(200);
    expect(body).toEqual({ ...ann, name: "Anna", version: 4 });
    expect(profiles.items()).toEqual([body]);
  });

  test("takes the number away where it is null", async () => {
    const profiles = table();

    const { body } = await call(change(profiles.client), { user: "ann", body: { version: 3, phone: null } });

    expect(body).not.toHaveProperty("phone");
    expect(profiles.items()[0]).not.toHaveProperty("phone");
  });

  test.each([
    { name: "Anna" },
    { about: "", newsletter: false },
    { phone: "+15550100000" },
    { phone: null },
    { phone: null, about: "Dunes" },
  ])("%j again, its answer lost, is answered alike and done once", async (fields) => {
    const profiles = table();
    const again = { user: "ann", body: { version: 3, ...fields } };
    const first = await call(change(profiles.client), again);

    expect(await call(change(profiles.client), again)).toEqual(first);
    expect(first.status).toBe(200);
    expect(profiles.items()[0]?.version).toBe(4);
  });

  test.each([
    ["another value", { name: "Anne" }],
    ["another field", { about: "Dunes" }],
    ["a number that is still there taken away", { phone: null }],
    ["more than was done", { name: "Anna", newsletter: false }],
  ])("%s on the same version is a conflict that names both", async (_, fields) => {
    const profiles = table();
    await call(change(profiles.client), request);

    const { status, body } = await call(change(profiles.client), {
      user: "ann",
      body: { version: 3, ...fields },
    });

    expect(status).toBe(409);
    expect(body.detail).toBe("The profile is at version 4, the change was made on 3.");
    expect(profiles.items()[0]?.version).toBe(4);
  });

  test("done again on a version that has long passed is a conflict, though the values are so", async () => {
    expect((await call(change(table({ ...ann, name: "Anna", version: 5 }).client), request)).status).toBe(
      409,
    );
  });

  test("404 for who has none or is going, and none is made", async () => {
    const nobody = none();

    expect((await call(change(nobody.client), request)).status).toBe(404);
    expect((await call(change(table({ ...removed, version: 3 }).client), request)).status).toBe(404);
    expect(nobody.items()).toEqual([]);
  });

  test.each([
    [{ version: 3 }],
    [{ name: "Anna" }],
    [{ version: 0, name: "Anna" }],
    [{ version: 3, name: "<b>" }],
    [{ version: 3, phone: "0123" }],
    [{ version: 3, email: "eve@photos.example" }],
    [{ version: 3, removedAt: "now" }],
    [{ version: 3, groups: ["admins"] }],
    [{ version: 3, about: "\ud800" }],
    [{ version: 2 ** 31 + 1, name: "Anna" }],
  ])("%j is refused before the table is asked", async (body) => {
    const unasked = {} as ReturnType<typeof none>["client"];

    expect((await call(change(unasked), { user: "ann", body })).status).toBe(400);
  });

  test("an error of the table is thrown", async () => {
    const { client } = table();
    const broken = {
      ...client,
      UpdateItem: async () => {
        throw new Error("ThrottlingException");
      },
    };

    await expect(call(change(broken), request)).rejects.toThrow("ThrottlingException");
  });

  test("however many answers are lost, a change that is asked for until it is answered is done once", async () => {
    const fields = fc
      .record(
        {
          name: fc.constantFrom("Anna", "Ann"),
          about: fc.constantFrom("", "Dunes"),
          newsletter: fc.boolean(),
          phone: fc.constantFrom(null, "+15550100000"),
        },
        { requiredKeys: [] },
      )
      .filter((given) => Object.keys(given).length > 0);
    await fc.assert(
      fc.asyncProperty(fields, fc.nat({ max: 3 }), async (given, lost) => {
        let left = lost;
        const interrupt = () => {
          left -= 1;
          if (left >= 0) {
            throw new Error("the answer was lost");
          }
        };
        const profiles = table(ann, { interrupt });
        const ask = () => call(change(profiles.client), { user: "ann", body: { version: 3, ...given } });

        let answer = await ask().catch(() => undefined);
        while (!answer) {
          answer = await ask().catch(() => undefined);
        }

        const { phone = ann.phone, ...others } = given;
        const expected = { ...ann, ...others, phone: phone ?? undefined, version: 4 };
        expect(answer).toMatchObject({ status: 200, body: JSON.parse(JSON.stringify(expected)) });
        expect(profiles.items()).toEqual([answer.body]);
      }),
    );
  });
});

describe("remove", () => {
  test("notes that the account is to go, as one more version, and erases nothing at once", async () => {
    const profiles = table();

    expect((await call(remove(profiles.client), { user: "ann" })).status).toBe(202);

    expect(profiles.items()).toEqual([{ ...ann, removedAt: expect.any(String), version: 4 }]);
  });

  test("once more is answered alike and notes nothing more", async () => {
    const profiles = table();
    await call(remove(profiles.client), { user: "ann" });

    expect((await call(remove(profiles.client), { user: "ann" })).status).toBe(202);

    expect(profiles.items()[0]?.version).toBe(4);
  });

  test("takes also who has no profile yet, so that the pool forgets them", async () => {
    const profiles = none();

    expect((await call(remove(profiles.client), { user: "ann" })).status).toBe(202);

    expect(profiles.items()).toEqual([{ user: "ann", removedAt: expect.any(String), version: 1 }]);
  });

  test("an error of the table is thrown", async () => {
    const { client } = table();
    const broken = {
      ...client,
      UpdateItem: async () => {
        throw new Error("ThrottlingException");
      },
    };

    await expect(call(remove(broken), { user: "ann" })).rejects.toThrow("ThrottlingException");
  });
});

describe("announce", () => {
  /** What the bus is told of the table's changes, one by one. */
  async function told({ stream }: ReturnType<typeof none>) {
    const entries: { type: string | undefined; detail: Record<string, unknown> }[] = [];
    const bus: BusClient = {
      PutEvents: async ({ Entries }) => {
        for (const { DetailType: type, Detail = "" } of Entries) {
          entries.push({ type, detail: JSON.parse(Detail) });
        }
        return { $metadata: {}, FailedEntryCount: 0, Entries: Entries.map(() => ({})) };
      },
    };
    const { batchItemFailures } = await announce(bus).factory()({ Records: stream });
    expect(batchItemFailures).toEqual([]);
    return entries;
  }

  test("tells what others may know of a user, and no more", async () => {
    const profiles = table({ ...ann, about: "Dunes", groups: new Set(["editors"]) });

    expect(await told(profiles)).toEqual([
      {
        type: "user.registered",
        detail: {
          changeId: "change-1",
          user: "ann",
          version: 3,
          email: "ann@photos.example",
          name: "Ann",
          newsletter: true,
          phone: "+441632960000",
        },
      },
    ]);
  });

  test("tells of who goes only that they do, and nothing once they have gone", async () => {
    const profiles = table();
    await call(remove(profiles.client), { user: "ann" });
    await profiles.client.DeleteItem({ Key: { user: { S: "ann" } } });

    const [, ...entries] = await told(profiles);

    expect(entries).toEqual([
      { type: "user.removed", detail: { changeId: "change-2", user: "ann", version: 4 } },
    ]);
  });

  test("tells nothing of a change that is no new version", async () => {
    const profiles = table();
    profiles.put({ ...ann, groups: new Set(["editors"]) });

    expect(await told(profiles)).toHaveLength(1);
  });

  test("tells of a user who never had a profile that they go", async () => {
    const profiles = none();
    await call(remove(profiles.client), { user: "ann" });

    expect((await told(profiles)).map(({ type }) => type)).toEqual(["user.removed"]);
  });

  test("whatever a user does, each version is told once and in order, and removal is the last", async () => {
    const step = fc.oneof(
      fc.record({ name: fc.constantFrom("Ann", "Anna"), on: fc.integer({ min: 1, max: 6 }) }),
      fc.constant("remove" as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const profiles = table({ ...ann, version: 1 });
        for (const each of steps) {
          await (each === "remove"
            ? call(remove(profiles.client), { user: "ann" })
            : call(change(profiles.client), { user: "ann", body: { version: each.on, name: each.name } }));
        }

        const entries = await told(profiles);

        expect(entries.map(({ detail }) => detail.version)).toEqual(entries.map((_, index) => index + 1));
        const isGoing = steps.includes("remove");
        expect(entries.findIndex(({ type }) => type === "user.removed")).toBe(
          isGoing ? entries.length - 1 : -1,
        );
      }),
    );
  });
});

describe("erase", () => {
  const event = { detail: { changeId: "c", user: "ann", version: 4 } } as EventBridgeEvent<
    string,
    UserRemovedEvent
  >;
  const found = (Username: string) => ({ ListUsers: () => ({ Users: [{ Username }] }) });

  test("takes the user out of the pool, then the profile", async () => {
    const profiles = table(removed);
    const order: string[] = [];
    const pool = userPool({
      AdminDeleteUser: () => {
        order.push(`pool, ${profiles.items().length} profile`);
      },
    });

    await erase(pool.client, profiles.client)(event);

    expect(order).toEqual(["pool, 1 profile"]);
    expect(profiles.items()).toEqual([]);
    expect(pool.calls).toEqual([
      ["ListUsers", { Filter: 'sub = "ann"', Limit: 1 }],
      ["AdminDeleteUser", { Username: "ann" }],
    ]);
  });

  test("names who signs in elsewhere as the pool does, where the id alone finds nobody", async () => {
    const pool = userPool(found("Google_123"));

    await erase(pool.client, table(removed).client)(event);

    expect(pool.calls).toContainEqual(["AdminDeleteUser", { Username: "Google_123" }]);
  });

  test("comes to its end when it comes again", async () => {
    const profiles = table(removed);
    const pool = userPool({ AdminDeleteUser: refusing("UserNotFoundException") });

    await erase(pool.client, profiles.client)(event);
    await erase(pool.client, profiles.client)(event);

    expect(profiles.items()).toEqual([]);
  });

  test("keeps the profile while the pool refuses, for the event to be retried", async () => {
    const profiles = table(removed);
    const pool = userPool({ AdminDeleteUser: refusing("TooManyRequestsException") });

    await expect(erase(pool.client, profiles.client)(event)).rejects.toThrow("TooManyRequestsException");
    expect(profiles.items()).toEqual([removed]);
  });
});
