import {
  DescribeServerlessCachesCommand,
  DescribeUserGroupsCommand,
  DescribeUsersCommand,
  ElastiCacheClient,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-elasticache";
import type * as aws from "@pulumi/aws";
import { elasticache } from "../../../local/aws/elasticache";
import { InvalidElastiCacheParameter } from "../../../local/aws/elasticache-parameters";
import { withCaches } from "../../../local/cache";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(elasticache);
});

afterAll(() => stack.stop());

const client = () => stack.cloud.client(ElastiCacheClient);

const createCache = (inputs: Partial<Inputs<aws.elasticache.ServerlessCacheArgs>>) =>
  stack.create<aws.elasticache.ServerlessCacheArgs>("aws:elasticache/serverlessCache:ServerlessCache", {
    engine: "valkey",
    ...inputs,
  });

const createUser = (userId: string, inputs: Partial<Inputs<aws.elasticache.UserArgs>> = {}) =>
  stack.create<aws.elasticache.UserArgs>("aws:elasticache/user:User", {
    userId,
    userName: userId,
    engine: "valkey",
    accessString: "on ~* -@all +@read",
    authenticationMode: { type: "iam" },
    ...inputs,
  });

const createGroup = (userGroupId: string, userIds: string[], tags?: Record<string, string>) =>
  stack.create<aws.elasticache.UserGroupArgs>("aws:elasticache/userGroup:UserGroup", {
    userGroupId,
    userIds,
    engine: "valkey",
    tags,
  });

async function tagsOf(ResourceName: unknown) {
  const list = new ListTagsForResourceCommand({ ResourceName: String(ResourceName) });
  const { TagList } = await client().send(list);
  return TagList?.map(({ Key, Value }) => `${Key}=${Value}`);
}

test("a cache lives from creation to deletion", async () => {
  // Prepare
  const describe = async (ServerlessCacheName: string) => {
    const found = await client().send(new DescribeServerlessCachesCommand({ ServerlessCacheName }));
    return found.ServerlessCaches?.[0];
  };
  await createGroup("cache-users", []);
  await createGroup("other-users", []);
  const cache = await createCache({
    name: "most-viewed",
    userGroupId: "cache-users",
    majorEngineVersion: "8",
    cacheUsageLimits: { dataStorage: { maximum: 1, unit: "GB" }, ecpuPerSeconds: [{ maximum: 1000 }] },
    tags: { a: "1", b: "2" },
  });
  const created = await describe(cache.id);

  // Act
  const updated = await cache.update({
    description: "the list",
    userGroupId: "other-users",
    cacheUsageLimits: { dataStorage: { maximum: 2, unit: "GB" } },
    tags: { b: "3" },
  });
  const after = await describe(cache.id);
  const tags = await tagsOf(cache.outputs.arn);
  const present = await cache.read();
  await cache.delete();
  await cache.delete();

  // Assess
  const arn = "arn:aws:elasticache:us-east-1:000000000000:serverlesscache:most-viewed";
  const host = "most-viewed.serverless.us-east-1.cache.amazonaws.com";
  expect(cache).toMatchObject({
    id: "most-viewed",
    outputs: {
      arn,
      endpoints: [{ address: host, port: 6379 }],
      readerEndpoints: [{ address: host, port: 6380 }],
      fullEngineVersion: created?.FullEngineVersion,
      majorEngineVersion: "8",
      status: "available",
    },
  });
  expect(created).toMatchObject({
    ARN: arn,
    UserGroupId: "cache-users",
    CacheUsageLimits: { DataStorage: { Maximum: 1, Unit: "GB" }, ECPUPerSecond: { Maximum: 1000 } },
  });
  expect(updated).toMatchObject({ description: "the list", status: "available" });
  expect(after).toMatchObject({
    Description: "the list",
    UserGroupId: "other-users",
    CacheUsageLimits: { DataStorage: { Maximum: 2 } },
  });
  expect(tags).toEqual(["b=3"]);
  expect(present).toMatchObject({ status: "available" });
  expect(await cache.read()).toBeUndefined();
});

test("a cache without a name gets one that AWS takes, also where an interrupted run left it", async () => {
  await createGroup("named-users", []);
  const inputs = { userGroupId: "named-users" };
  await createCache(inputs);

  expect(await createCache(inputs)).toMatchObject({ id: "test-0a1b2c3" });
});

test("where there are caches, all are at their endpoint", async () => {
  const place = withCaches(stack.cloud, { address: "localhost", port: 7000 });
  const handler = elasticache["aws:elasticache/serverlessCache:ServerlessCache"];

  expect(handler?.outputs("views", { engine: "valkey" }, place)).toMatchObject({
    endpoints: [{ address: "localhost", port: 7000 }],
    readerEndpoints: [{ address: "localhost", port: 7000 }],
  });
});

test("users and their group live from creation to deletion", async () => {
  // Prepare
  const group = async () => {
    const found = await client().send(new DescribeUserGroupsCommand({ UserGroupId: "readers" }));
    return found.UserGroups?.[0]?.UserIds;
  };
  const one = await createUser("reader-1", { tags: { a: "1" } });
  const other = await createUser("reader-2");
  const readers = await createGroup("readers", ["reader-1"]);
  const created = await group();

  // Act
  await one.update({ accessString: "on ~* +@all", tags: { a: "2" } });
  const { Users: [changed] = [] } = await client().send(new DescribeUsersCommand({ UserId: one.id }));
  const tags = await tagsOf(one.outputs.arn);
  await readers.update({ userIds: ["reader-2"] });
  const updated = await group();
  const present = [await one.read(), await readers.read()];
  for (const gone of [readers, one, other, readers, one]) await gone.delete();

  // Assess
  expect(one.outputs).toMatchObject({
    arn: "arn:aws:elasticache:us-east-1:000000000000:user:reader-1",
    authenticationMode: { type: "iam", passwordCount: 0 },
  });
  expect(readers.outputs.arn).toBe("arn:aws:elasticache:us-east-1:000000000000:usergroup:readers");
  expect([created, updated]).toEqual([["reader-1"], ["reader-2"]]);
  expect(changed?.AccessString).toBe("on ~* +@all");
  expect(tags).toEqual(["a=2"]);
  expect(present).toEqual([{}, {}]);
  expect([await one.read(), await readers.read()]).toEqual([undefined, undefined]);
});

describe("refused as by AWS", () => {
  test.each(["", "Views", "1views", "views-", "my--views", "views_1", "v".repeat(41)])(
    "a cache named %j",
    async (name) => {
      await expect(createCache({ name, userGroupId: "any" })).rejects.toThrow(InvalidElastiCacheParameter);
    },
  );

  test("a user group that does not exist", async () => {
    await expect(createCache({ name: "views", userGroupId: "nobody" })).rejects.toThrow(
      /user group was not found/,
    );
  });

  test("a member that does not exist", async () => {
    await expect(createGroup("strangers", ["stranger"])).rejects.toThrow(/stranger/);
  });

  test.each<[string, Partial<Inputs<aws.elasticache.UserArgs>>, RegExp]>([
    ["whose name is not its id, with IAM", { userName: "other" }, /user name "other".*"reader"/],
    ["with a password in its access string", { accessString: "on >secret ~* +@all" }, /passwords are set by/],
    ["with no password in its access string", { accessString: "on nopass ~* +@all" }, /passwords are set by/],
    [
      "with a short password",
      { authenticationMode: { type: "password", passwords: ["short"] } },
      /16 to 128/,
    ],
  ])("a user %s", async (_what, inputs, problem) => {
    await expect(createUser("reader", inputs)).rejects.toThrow(problem);
  });
});

test("a cache that anybody could use is refused, which AWS would take", async () => {
  await expect(createCache({ name: "open" })).rejects.toThrow(/userGroupId/);
});
