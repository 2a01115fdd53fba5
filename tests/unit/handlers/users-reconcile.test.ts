import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as fc from "fast-check";
import type { TableClient } from "../../../components/sdk/dynamodb";
import { reconcile } from "../../../handlers/users/reconcile";
import { userPool } from "./user-cloud";

/** A pool of these users, two to a page; one that is only found by name is left out of pages. */
function poolOf(subs: readonly string[], onlyByName: readonly string[] = []) {
  return userPool({
    ListUsers: (input) => {
      const { Filter, PaginationToken = "0" } = input as { Filter?: string; PaginationToken?: string };
      const found = Filter
        ? [...subs, ...onlyByName].filter((sub) => Filter === `sub = "${sub}"`)
        : subs.slice(Number(PaginationToken), Number(PaginationToken) + 2);
      const next = Number(PaginationToken) + 2;
      return {
        Users: found.map((Value) => ({ Username: `name of ${Value}`, Attributes: [{ Name: "sub", Value }] })),
        PaginationToken: Filter === undefined && next < subs.length ? String(next) : undefined,
      };
    },
  });
}

/** A table of profiles, two to a page; notes whose removal was asked for. */
function profilesOf(users: readonly string[], gone: readonly string[] = []) {
  const noted: string[] = [];
  const client = {
    Scan: async ({ ExclusiveStartKey }: { ExclusiveStartKey?: Parameters<typeof unmarshall>[0] }) => {
      const start = ExclusiveStartKey ? users.indexOf(unmarshall(ExclusiveStartKey).user) + 1 : 0;
      const page = users.slice(start, start + 2);
      return {
        Items: page.filter((user) => !gone.includes(user)).map((user) => marshall({ user })),
        LastEvaluatedKey: start + 2 < users.length ? marshall({ user: page.at(-1) }) : undefined,
      };
    },
    UpdateItem: async ({ Key }: { Key: Parameters<typeof unmarshall>[0] }) => {
      noted.push(unmarshall(Key).user);
      return {};
    },
  };
  return { client: client as unknown as TableClient, noted };
}

beforeEach(() => jest.spyOn(console, "info").mockImplementation(() => {}));

test("whoever has a profile and is in the pool no more is to go, and nobody else", async () => {
  const names = ["ann", "bob", "cat", "dan", "eve", "fay", "gus"];
  await fc.assert(
    fc.asyncProperty(
      fc.subarray(names),
      fc.subarray(names),
      fc.subarray(names),
      async (withProfile, inPool, gone) => {
        const profiles = profilesOf(withProfile, gone);
        await reconcile(poolOf(inPool).client, profiles.client)();
        expect(profiles.noted).toEqual(
          withProfile.filter((user) => !inPool.includes(user) && !gone.includes(user)),
        );
      },
    ),
  );
});

test("of a pool that has lost more than leave in a day, nobody is removed", async () => {
  const names = Array.from({ length: 21 }, (_, i) => `user ${i}`);
  const profiles = profilesOf(names);
  await expect(reconcile(poolOf([]).client, profiles.client)()).rejects.toThrow("21 of 21 users");
  expect(profiles.noted).toEqual([]);
});

test("a user whom the pool's pages left out, as they may while users come and go, stays", async () => {
  const profiles = profilesOf(["ann", "bob"]);
  await reconcile(poolOf(["ann"], ["bob"]).client, profiles.client)();
  expect(profiles.noted).toEqual([]);
});
