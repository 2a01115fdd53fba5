import { User } from "@pulumi/aws/elasticache/user";
import { cacheAccessString } from "../../policy/rules/cache-access-string";
import { judge, unknown } from "./judge";

const problems = (accessString: unknown) =>
  judge(cacheAccessString, User, { accessString }).map((message) => message.split(". ")[0]);
const commands = "'subject' may use every command";
const keys = "'subject' may use every key";

describe("cache-access-string", () => {
  test.each([
    ["on ~* +@all", [commands, keys]],
    ["ON allkeys allcommands", [commands, keys]],
    ["on ~* -@all +get", [keys]],
    ["on %R~* -@all +get", [keys]],
    ["on ~views:* +@all", [commands]],
    ["on ~views:* -@all +get +@all", [commands]],
    ["on ~views:* +@all -flushall", [commands]],
    ["on resetkeys ~* -@all +get", [keys]],
  ])("refuses %s", (accessString, expected) => {
    expect(problems(accessString)).toEqual(expected);
  });

  test.each([
    "on ~views:* -@all +get +set +del +eval",
    "on ~* resetkeys ~views:* +@all -@all +@read",
    "off ~* +@all",
    "on -@all",
    unknown,
  ])("lets %p pass", (accessString) => {
    expect(problems(accessString)).toEqual([]);
  });

  test("says what to do", () => {
    expect(judge(cacheAccessString, User, { accessString: "on ~* -@all +get" })).toEqual([
      "'subject' may use every key. Name commands and the beginning of keys in accessString, such as " +
        '"on ~views:* -@all +get +set".',
    ]);
  });

  test("says nothing of a user that is exempt with a reason", () => {
    const config = { exempt: { subject: "for operators" } };

    expect(judge(cacheAccessString, User, { accessString: "on ~* +@all" }, config)).toEqual([]);
  });
});
