import * as pulumi from "@pulumi/pulumi";
import { Database, type DatabaseArgs } from "../../../components/database";
import { EncryptionKey } from "../../../components/encryption-key";
import { LambdaFunction } from "../../../components/function";
import type { Migration } from "../../../components/migrations";
import type { Network } from "../../../components/network";
import { sql } from "../../../components/sdk/sql/statement";
import { evaluate, only, type Registered } from "../program";
import { statementsOf } from "./statements";

const clusterArn = "arn:aws:rds:eu-west-1:123456789012:views";
const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:views-master";
const keyArn = "arn:aws:kms:eu-west-1:123456789012:data";

const migrations: readonly Migration[] = [
  { name: "views", statements: ["CREATE TABLE views (id uuid PRIMARY KEY)"] },
  { name: "their days", statements: ["ALTER TABLE views ADD COLUMN day date"] },
];

/** What a database asks of its network. */
const network = (ports: unknown[] = []) =>
  ({
    privateSubnetIds: pulumi.output(["subnet-a", "subnet-b"]),
    server(name, open) {
      ports.push([name, ...open]);
      return { serverGroupId: pulumi.output(`sg-${name}`), access: undefined as never };
    },
  }) satisfies Pick<Network, "privateSubnetIds" | "server"> as unknown as Network;

const deploy = (args: Partial<DatabaseArgs> = {}, use: (database: Database) => void = () => {}) =>
  evaluate(() => {
    const key = new EncryptionKey("data");
    const database = new Database("views", { network: network(), key, migrations, ...args });
    use(database);
    return { arn: database.arn };
  });

const clusterOf = (graph: { resources: Registered[] }) =>
  only(graph, "aws:rds/cluster:Cluster", "views").inputs;
const instancesOf = ({ resources }: { resources: Registered[] }) =>
  resources.filter(({ type }) => type === "aws:rds/clusterInstance:ClusterInstance");
const invocationOf = (graph: { resources: Registered[] }) =>
  only(graph, "aws:lambda/invocation:Invocation", "views-migration").inputs;
const variablesOf = (graph: { resources: Registered[] }, name: string) =>
  (only(graph, "aws:lambda/function:Function", name).inputs.environment as { variables: object }).variables;

describe("the cluster", () => {
  test("is encrypted, backed up, without a password of ours, and reached by the Data API", async () => {
    const graph = await deploy();

    expect(clusterOf(graph)).toEqual({
      engine: "aurora-postgresql",
      engineMode: "provisioned",
      engineVersion: expect.stringMatching(/^16\.\d+$/),
      databaseName: "views",
      masterUsername: "gallery_owner",
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: keyArn,
      enableHttpEndpoint: true,
      iamDatabaseAuthenticationEnabled: true,
      serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 8 },
      dbSubnetGroupName: "views-subnets",
      vpcSecurityGroupIds: ["sg-views"],
      storageEncrypted: true,
      kmsKeyId: keyArn,
      applyImmediately: true,
      backupRetentionPeriod: 7,
      copyTagsToSnapshot: true,
      enabledCloudwatchLogsExports: ["postgresql"],
      deletionProtection: false,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "gallery-test-views-last",
    });
    expect(graph.outputs.arn).toBe(clusterArn);
  });

  test("is in the network's private subnets, and open at PostgreSQL's port alone", async () => {
    const ports: unknown[] = [];
    const graph = await deploy({ network: network(ports) });

    expect(only(graph, "aws:rds/subnetGroup:SubnetGroup", "views-subnets").inputs).toMatchObject({
      subnetIds: ["subnet-a", "subnet-b"],
    });
    expect(ports).toEqual([["views", 5432]]);
  });

  test("for development pauses by itself, with one instance", async () => {
    const graph = await deploy({ minimumCapacity: 0, maximumCapacity: 1, instances: 1 });

    expect(clusterOf(graph).serverlessv2ScalingConfiguration).toEqual({
      minCapacity: 0,
      maxCapacity: 1,
      secondsUntilAutoPause: 300,
    });
    expect(instancesOf(graph).map(({ name }) => name)).toEqual(["views-1"]);
  });

  test("for good is protected, keeps a last snapshot, and goes back for as long as is asked", async () => {
    const graph = await deploy({ deletionProtection: true, backupDays: 35, databaseName: "views_of_photos" });

    expect(clusterOf(graph)).toMatchObject({
      databaseName: "views_of_photos",
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "gallery-test-views-last",
      backupRetentionPeriod: 35,
    });
  });

  test("has two instances, of which the first writes and neither is public", async () => {
    const graph = await deploy();

    const instance = {
      clusterIdentifier: "views-id",
      engine: "aurora-postgresql",
      instanceClass: "db.serverless",
      publiclyAccessible: false,
      applyImmediately: true,
      autoMinorVersionUpgrade: false,
      performanceInsightsEnabled: true,
    };
    expect(instancesOf(graph).map(({ name, inputs }) => [name, inputs])).toEqual([
      ["views-1", { ...instance, promotionTier: 0 }],
      ["views-2", { ...instance, promotionTier: 1 }],
    ]);
  });
});

describe("what a callback calls is what its role may do", () => {
  const login = [
    {
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": secretArn } },
    },
    { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: secretArn },
  ];
  const on = (...actions: string[]) => ({
    Effect: "Allow",
    Action: actions.map((action) => `rds-data:${action}`),
    Resource: clusterArn,
  });
  const statement = sql`SELECT 1`;

  test.each<[string, (database: Database) => () => Promise<unknown>, object]>([
    ["Query", (database: Database) => async () => database.sdk.Query(statement), on("ExecuteStatement")],
    ["Execute", (database: Database) => async () => database.sdk.Execute(statement), on("ExecuteStatement")],
    [
      "Batch",
      (database: Database) => async () => database.sdk.Batch([statement]),
      on("BatchExecuteStatement"),
    ],
    [
      "Transaction",
      (database: Database) => async () => database.sdk.Transaction(async ({ Query }) => Query(statement)),
      on("BeginTransaction", "CommitTransaction", "ExecuteStatement", "RollbackTransaction"),
    ],
  ])(
    "%s needs its actions on the cluster, the master's secret, and its key for it alone",
    async (_, handler, own) => {
      const graph = await deploy({}, (database) => {
        new LambdaFunction("reader", { handler: handler(database) });
        new LambdaFunction("other", { handler: async () => "nothing" });
      });

      const statements = statementsOf(graph, "reader");
      expect(statements).toHaveLength(3);
      expect(statements).toEqual(expect.arrayContaining([own, ...login]));
      expect(statementsOf(graph, "other")).toEqual([]);
    },
  );

  test("its function knows which database to ask, and joins no network for it", async () => {
    const graph = await deploy({}, (database) => {
      new LambdaFunction("reader", { handler: async () => database.sdk.Query(statement) });
    });

    expect(variablesOf(graph, "reader")).toEqual({
      VIEWS_RESOURCE_ARN: clusterArn,
      VIEWS_SECRET_ARN: secretArn,
      VIEWS_DATABASE: "views",
    });
    expect(only(graph, "aws:lambda/function:Function", "reader").inputs.vpcConfig).toBeUndefined();
  });
});

describe("the schema", () => {
  test("is brought up to date by a function with the time and the rights that it takes", async () => {
    const graph = await deploy({ function: { memoryMb: 512, logRetentionDays: 30 } });

    expect(only(graph, "aws:lambda/function:Function", "views-migrate").inputs).toMatchObject({
      timeout: 900,
      memorySize: 512,
    });
    expect(statementsOf(graph, "views-migrate")).toContainEqual({
      Effect: "Allow",
      Action: ["BeginTransaction", "CommitTransaction", "ExecuteStatement", "RollbackTransaction"].map(
        (action) => `rds-data:${action}`,
      ),
      Resource: clusterArn,
    });
    // It cannot wait for itself.
    expect(variablesOf(graph, "views-migrate")).toEqual({
      VIEWS_RESOURCE_ARN: clusterArn,
      VIEWS_SECRET_ARN: secretArn,
    });
  });

  test("is brought up to date whenever the migrations or the cluster are others", async () => {
    const triggersOf = async (steps: readonly Migration[]) =>
      invocationOf(await deploy({ migrations: steps })).triggers as Record<string, string>;
    const [first, second] = migrations;

    const all = await triggersOf(migrations);

    expect(all).toEqual({ cluster: "cluster-views", migrations: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await triggersOf([...migrations])).toEqual(all);
    for (const others of [
      migrations.slice(0, 1),
      [...migrations].reverse(),
      [first, { ...second, statements: ["ALTER TABLE views ADD COLUMN at date"] }],
      [first, { ...second, name: "days" }],
    ] as Migration[][]) {
      expect((await triggersOf(others)).migrations).not.toBe(all.migrations);
    }
  });

  test("waits for every instance and for its function's rights", async () => {
    const awaited: pulumi.Resource[] = [];
    const needed: pulumi.Resource[] = [];
    const transformations: pulumi.ResourceTransformation[] = [
      ({ name, opts }) => {
        if (name === "views-migration") {
          awaited.push(...(opts.dependsOn as pulumi.Resource[]));
        }
        return undefined;
      },
    ];
    const graph = await evaluate(() => {
      const key = new EncryptionKey("data");
      const args = { network: network(), key, migrations, instances: 3 };
      const { nodes } = new Database("views", args, { transformations });
      needed.push(...nodes.instances, nodes.migrate.nodes.policy);
      return {};
    });

    expect(invocationOf(graph)).toMatchObject({ functionName: "views-migrate", input: "{}" });
    expect(needed.map((resource) => awaited.includes(resource))).toEqual([true, true, true, true]);
  });

  test("is what functions that ask the database expect, before they change", async () => {
    const graph = await deploy({}, (database) => {
      new LambdaFunction("reader", { handler: async () => database.sdk.Query(sql`SELECT 1`) });
      new LambdaFunction("other", { handler: async () => "nothing" });
    });

    const functions = graph.resources
      .filter(({ type }) => /:(Function|Invocation)$/.test(type) && type.startsWith("aws:"))
      .map(({ name }) => name);
    expect(functions.indexOf("reader")).toBeGreaterThan(functions.indexOf("views-migration"));
    expect(functions.indexOf("other")).toBeLessThan(functions.indexOf("views-migration"));
  });
});

describe("what cannot be is refused by the database's name, before any resource is made", () => {
  const refused = async (args: Partial<DatabaseArgs>, name = "views"): Promise<string> => {
    let message = "";
    const { resources } = await evaluate(() => {
      const key = new EncryptionKey("data");
      try {
        new Database(name, { network: network(), key, migrations, ...args });
      } catch (error) {
        message = `${error}`;
      }
      return {};
    });
    expect(resources.filter(({ type }) => !/kms|EncryptionKey/.test(type))).toEqual([]);
    return message;
  };

  test.each<[Partial<DatabaseArgs>, string]>([
    [{ minimumCapacity: -0.5 }, "minimumCapacity is -0.5; it must be from 0 to 256, in halves"],
    [{ minimumCapacity: 0.3 }, "minimumCapacity is 0.3; it must be from 0 to 256, in halves"],
    [{ maximumCapacity: 0.5 }, "maximumCapacity is 0.5; it must be from 1 to 256, in halves"],
    [{ maximumCapacity: 256.5 }, "maximumCapacity is 256.5; it must be from 1 to 256, in halves"],
    [{ minimumCapacity: 4, maximumCapacity: 2 }, "maximumCapacity is 2; it must be from 4 to 256, in halves"],
    [{ pauseAfterSeconds: 299 }, "pauseAfterSeconds is 299; it must be a whole number from 300 to 86400"],
    [{ instances: 0 }, "instances is 0; it must be a whole number from 1 to 15"],
    [{ instances: 16 }, "instances is 16; it must be a whole number from 1 to 15"],
    [{ backupDays: 0 }, "backupDays is 0; it must be a whole number from 1 to 35"],
    [{ patienceSeconds: 901 }, "patienceSeconds is 901; it must be a whole number from 0 to 900"],
  ])("%j", async (args, message) => {
    expect(await refused(args)).toContain(`views: ${message}`);
  });

  test.each(["Views", "1st", "views of photos", "views;drop", "", "a".repeat(64)])(
    "the name %j",
    async (databaseName) => {
      expect(await refused({ databaseName })).toContain(
        `views: a database cannot be named ${databaseName}; give \`databaseName\`: a small letter, then`,
      );
    },
  );

  test("a logical name that no database can have, without another", async () => {
    expect(await refused({}, "photo-views")).toContain(
      "photo-views: a database cannot be named photo-views; give `databaseName`",
    );
  });

  test("two migrations of one name", async () => {
    const [first, second] = migrations as [Migration, Migration];

    expect(await refused({ migrations: [first, second, { ...second, statements: ["SELECT 1"] }] })).toContain(
      'views: two migrations are named "their days"; rename the newer one',
    );
  });

  test.each([[[]], [["  \n"]]])("a migration of %j", async (statements) => {
    expect(await refused({ migrations: [...migrations, { name: "nothing", statements }] })).toContain(
      'views: the migration "nothing" has no statement; write one',
    );
  });
});
