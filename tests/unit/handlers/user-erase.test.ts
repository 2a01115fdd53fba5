import type { EventBridgeEvent } from "aws-lambda";
import * as fc from "fast-check";
import type { TableClient } from "../../../components/sdk/dynamodb";
import { erase as eraseLive } from "../../../handlers/live/erase";
import { eraseUser } from "../../../handlers/media/erase-user";
import { erase as erasePhotos } from "../../../handlers/photos/erase";
import type { UserRemovedEvent } from "../../../handlers/users/events";
import { type Owned, ownedTable } from "./owned-table";

type Erase = (event: EventBridgeEvent<string, UserRemovedEvent>) => Promise<void>;
interface Eraser {
  readonly service: string;
  /** The attribute that says whose an item is, and the key of each table. */
  readonly owner: string;
  readonly keys: readonly (readonly string[])[];
  readonly make: (tables: readonly TableClient<"byOwner">[]) => Erase;
}

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index];
  if (found === undefined) {
    throw new Error(`there is no table ${index}`);
  }
  return found;
};
const erasers: Eraser[] = [
  { service: "photos", owner: "owner", keys: [["id"]], make: (tables) => erasePhotos(at(tables, 0)) },
  {
    service: "media",
    owner: "owner",
    keys: [["owner", "photo"]],
    make: (tables) => eraseUser(at(tables, 0)),
  },
  {
    service: "live",
    owner: "user",
    keys: [
      ["user", "subject"],
      ["user", "id"],
    ],
    make: (tables) => eraseLive(at(tables, 0), at(tables, 1)),
  },
];

const removed = (user: string) =>
  ({
    source: "gallery.users",
    "detail-type": "user.removed",
    detail: { changeId: "c", user, version: 3 },
  }) as EventBridgeEvent<string, UserRemovedEvent>;

/** How many items each of three users has. */
const counts = fc.record({ ann: fc.nat(7), bob: fc.nat(7), eve: fc.nat(3) });
const itemsOf = ({ owner }: Eraser, key: readonly string[], count: Readonly<Record<string, number>>) =>
  Object.entries(count).flatMap(([user, items]) =>
    Array.from({ length: items }, (_, index): Owned => {
      const names = Object.fromEntries(key.map((attribute) => [attribute, `${user}-${index}`]));
      return { ...names, [owner]: user };
    }),
  );

describe.each(erasers)("$service", (eraser) => {
  const { owner, keys, make } = eraser;
  const service = (count: Readonly<Record<string, number>>, interrupt?: () => void) => {
    const tables = keys.map((key) => ownedTable(key, itemsOf(eraser, key, count), interrupt));
    return {
      items: () => tables.map((table) => table.items()),
      erase: make(tables.map(({ client }) => client as unknown as TableClient<"byOwner">)),
    };
  };

  test("whatever there is, all of a user who is gone goes and all of others stays", async () => {
    await fc.assert(
      fc.asyncProperty(counts, async (count) => {
        const { items, erase } = service(count);
        const others = items().map((table) => table.filter((item) => item[owner] !== "ann"));

        await erase(removed("ann"));

        expect(items()).toEqual(others);
      }),
    );
  });

  test("an erasure that fails half-way fails the event, and is completed when that comes again", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), async (failing) => {
        let deletions = 0;
        const { items, erase } = service({ ann: 5, bob: 2 }, () => {
          deletions += 1;
          if (deletions === failing) {
            throw new Error("ThrottlingException");
          }
        });

        await expect(erase(removed("ann"))).rejects.toThrow("ThrottlingException");
        expect(items().flat()).toContainEqual(expect.objectContaining({ [owner]: "ann" }));
        await erase(removed("ann"));

        expect(items().flat()).toHaveLength(2 * keys.length);
        expect(items().flat()).not.toContainEqual(expect.objectContaining({ [owner]: "ann" }));
      }),
    );
  });

  test("of a user of whom there is nothing, or whose event comes again, nothing goes", async () => {
    const { items, erase } = service({ bob: 3 });

    await erase(removed("ann"));
    await erase(removed("ann"));

    expect(items().map((table) => table.length)).toEqual(keys.map(() => 3));
  });
});
