import * as fc from "fast-check";
import { Cache, type CacheArgs, identifierOf } from "../../../components/cache";
import { DeadLetters } from "../../../components/dead-letters";
import { EncryptionKey } from "../../../components/encryption-key";
import { LambdaFunction } from "../../../components/function";
import { Network } from "../../../components/network";
import { storeCommands } from "../../../components/sdk/cache/store";
import { evaluate, only } from "../program";
import { statementsOf } from "./statements";

const cacheArn = "arn:aws:elasticache:eu-west-1:123456789012:views";
const userArn = "arn:aws:elasticache:eu-west-1:123456789012:views-user";

interface Setting {
  readonly args?: Omit<CacheArgs, "network">;
  readonly name?: string;
  readonly project?: (cache: Cache) => void;
}

const deploy = ({ args = {}, name = "views", project = () => {} }: Setting = {}) =>
  evaluate(() => {
    project(new Cache(name, { network: new Network("net"), ...args }));
    return {};
  });

test("a cache is private, has an end to its bill, and lets in one user", async () => {
  const graph = await deploy();

  expect(only(graph, "aws:elasticache/serverlessCache:ServerlessCache", "views").inputs).toEqual({
    engine: "valkey",
    majorEngineVersion: "8",
    description: "views of gallery test",
    subnetIds: ["net-isolated-1", "net-isolated-2"],
    securityGroupIds: ["views-server-id"],
    userGroupId: "gallery-test-views",
    cacheUsageLimits: {
      dataStorage: { maximum: 1, unit: "GB" },
      ecpuPerSeconds: [{ maximum: 1000 }],
    },
    snapshotRetentionLimit: 0,
  });
  expect(only(graph, "aws:elasticache/userGroup:UserGroup", "views-users").inputs).toEqual({
    engine: "valkey",
    userGroupId: "gallery-test-views",
    userIds: ["gallery-test-views"],
  });
});

test("the user logs in by IAM, and may do what reading through takes, with the cache's own keys", async () => {
  const graph = await deploy();

  expect(only(graph, "aws:elasticache/user:User", "views-user").inputs).toEqual({
    engine: "valkey",
    userId: "gallery-test-views",
    userName: "gallery-test-views",
    authenticationMode: { type: "iam" },
    accessString: "on ~views:* -@all +get +set +del +eval",
  });
  expect(storeCommands).toHaveLength(4);
});

test("the cache is reached at its two ports by functions that use it", async () => {
  const graph = await deploy();

  for (const port of [6379, 6380]) {
    expect(
      only(graph, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `views-server-${port}`).inputs,
    ).toMatchObject({ securityGroupId: "views-server-id", referencedSecurityGroupId: "views-clients-id" });
  }
});

test("a function that reads through may connect as the user, knows where, and is in the network", async () => {
  const graph = await deploy({
    project: (cache) => {
      const parse = (kept: unknown) => Number(kept);
      new LambdaFunction("most-viewed", {
        handler: async () => cache.sdk.ReadThrough({ key: "a", ttlSeconds: 60, read: async () => 1, parse }),
      });
      new LambdaFunction("other", { handler: async () => "nothing" });
    },
  });

  const connect = { Effect: "Allow", Action: ["elasticache:Connect"] };
  expect(statementsOf(graph, "most-viewed")).toEqual(
    expect.arrayContaining([
      { ...connect, Resource: cacheArn },
      { ...connect, Resource: userArn },
    ]),
  );
  expect(JSON.stringify(statementsOf(graph, "other"))).not.toContain("elasticache");
  const { environment, vpcConfig } = only(graph, "aws:lambda/function:Function", "most-viewed").inputs;
  expect(environment).toEqual({
    variables: {
      VIEWS_ADDRESS: "views.cache.example",
      VIEWS_PORT: "6379",
      VIEWS_CACHE_NAME: "views",
      VIEWS_USER_ID: "gallery-test-views",
    },
  });
  expect(vpcConfig).toMatchObject({ securityGroupIds: ["views-clients-id"] });
  expect(only(graph, "aws:lambda/function:Function", "other").inputs.vpcConfig).toBeUndefined();
});

test("a key, limits, snapshots and an alarm are as the arguments say", async () => {
  const graph = await evaluate(() => {
    new Cache("views", {
      network: new Network("net"),
      key: new EncryptionKey("data"),
      maximumGb: 5,
      maximumEcpuPerSecond: 20_000,
      snapshotRetentionDays: 7,
      deadLetters: new DeadLetters("failures"),
    });
    return {};
  });

  expect(only(graph, "aws:elasticache/serverlessCache:ServerlessCache", "views").inputs).toMatchObject({
    kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:data",
    cacheUsageLimits: {
      dataStorage: { maximum: 5, unit: "GB" },
      ecpuPerSeconds: [{ maximum: 20_000 }],
    },
    snapshotRetentionLimit: 7,
  });
  expect(only(graph, "aws:cloudwatch/metricAlarm:MetricAlarm", "views-throttled-alarm").inputs).toMatchObject(
    {
      namespace: "AWS/ElastiCache",
      metricName: "ThrottledCmds",
      dimensions: { clusterId: "views" },
      threshold: 0,
    },
  );
});

test.each([
  [{ maximumGb: 0 }, "maximumGb is 0; it must be a whole number from 1 to 5000"],
  [
    { maximumEcpuPerSecond: 999 },
    "maximumEcpuPerSecond is 999; it must be a whole number from 1000 to 15000000",
  ],
  [{ snapshotRetentionDays: 36 }, "snapshotRetentionDays is 36; it must be a whole number from 0 to 35"],
  [{ patienceMs: 0 }, "patienceMs is 0; it must be a whole number from 1 to 60000"],
])("%j is refused before any resource is made", async (args, message) => {
  await expect(deploy({ args })).rejects.toThrow(`views: ${message}`);
});

test.each(["Views", "1views", "views--a", "views-", "views_a", "a".repeat(33)])(
  "%s is no name for a cache",
  async (name) => {
    await expect(deploy({ name })).rejects.toThrow(`${name}: a cache cannot be named so`);
  },
);

describe("an identifier", () => {
  const part = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), fc.string({ minLength: 1 }));

  test("is one that ElastiCache takes, whatever it is made of", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
        const identifier = identifierOf(parts);

        expect(identifier).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
        expect(identifier.length).toBeLessThanOrEqual(40);
      }),
    );
  });

  test("tells whose it is, and differs where what it is made of reads differently", () => {
    expect(identifierOf(["gallery", "prod", "views"])).toBe("gallery-prod-views");
    expect(identifierOf(["gallery", "a-developer-with-a-long-name", "views"])).toMatch(
      /^gallery-a-developer-with-a-long-[\da-f]{8}$/,
    );
    fc.assert(
      fc.property(part, part, (one, other) => {
        fc.pre(one !== other);
        expect(identifierOf(["gallery", one, "views"])).not.toBe(identifierOf(["gallery", other, "views"]));
      }),
    );
  });
});
