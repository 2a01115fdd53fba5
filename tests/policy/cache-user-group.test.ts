import { ServerlessCache } from "@pulumi/aws/elasticache/serverlessCache";
import { cacheUserGroup } from "../../policy/rules/cache-user-group";
import { judge, unknown } from "./judge";

describe("cache-user-group", () => {
  test.each([{}, { engine: "valkey", userGroupId: "" }, { engine: "memcached" }])("refuses %j", (props) => {
    expect(judge(cacheUserGroup, ServerlessCache, props)).toEqual([
      "'subject' lets in whoever reaches it, to do anything. Set userGroupId to an aws.elasticache.UserGroup, and " +
        'engine to "valkey" or "redis": Memcached knows no users.',
    ]);
  });

  test.each([{ userGroupId: "gallery" }, { userGroupId: unknown }])("lets %j pass", (props) => {
    expect(judge(cacheUserGroup, ServerlessCache, props)).toEqual([]);
  });

  test("says nothing of a cache that is exempt with a reason", () => {
    const config = { exempt: { subject: "holds public prices only" } };

    expect(judge(cacheUserGroup, ServerlessCache, {}, config)).toEqual([]);
  });
});
