import { deployedCaches } from "../../../local/cache/users";
import type { Properties } from "../../../local/engine/resource";
import { resource } from "../completions/resource";

const user = (id: string, inputs: Properties) =>
  resource("aws:elasticache/user:User", id, {
    userId: id,
    userName: id,
    accessString: "on ~* +@read",
    ...inputs,
  });
const group = (id: string, userIds?: readonly string[]) =>
  resource("aws:elasticache/userGroup:UserGroup", id, { userGroupId: id, engine: "valkey", userIds });
const cache = (id: string, userGroupId: string) =>
  resource("aws:elasticache/serverlessCache:ServerlessCache", id, {
    name: id,
    engine: "valkey",
    userGroupId,
  });

test("a cache has the users of its group and no others", () => {
  const caches = deployedCaches([
    user("reader", { authenticationMode: { type: "iam" } }),
    user("writer", { authenticationMode: { type: "iam" } }),
    group("both", ["reader", "writer"]),
    group("one", ["writer"]),
    group("none"),
    cache("views", "both"),
    cache("likes", "one"),
    cache("empty", "none"),
    cache("lost", "gone"),
  ]);

  expect(caches.map(({ name, users }) => [name, users.map(({ id }) => id)])).toEqual([
    ["views", ["reader", "writer"]],
    ["likes", ["writer"]],
    ["empty", []],
    ["lost", []],
  ]);
});

test.each<[Properties, Properties]>([
  [{ authenticationMode: { type: "iam" } }, { authentication: "iam", passwords: [] }],
  [
    { authenticationMode: { type: "password", passwords: ["a", "b"] } },
    { authentication: "password", passwords: ["a", "b"] },
  ],
  [{ passwords: ["a"] }, { authentication: "password", passwords: ["a"] }],
  [{ passwordsWo: "a" }, { authentication: "password", passwords: ["a"] }],
  [{ authenticationMode: { type: "no-password-required" } }, { authentication: "no-password-required" }],
  [{ noPasswordRequired: true }, { authentication: "no-password-required" }],
])("a user with %j", (inputs, expected) => {
  const [deployed] = deployedCaches([
    user("reader", inputs),
    group("all", ["reader"]),
    cache("views", "all"),
  ]);

  expect(deployed?.users).toMatchObject([
    { id: "reader", name: "reader", accessString: "on ~* +@read", ...expected },
  ]);
});
