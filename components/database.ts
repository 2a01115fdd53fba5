import * as crypto from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EncryptionKey } from "./encryption-key";
import { type FunctionOptions, LambdaFunction } from "./function";
import { type Migrated, type Migration, migrate } from "./migrations";
import type { Network } from "./network";
import { checkRange, OutOfRange } from "./range";
import { bind } from "./sdk/bind";
import { type SqlClient, sqlMethods } from "./sdk/rds-data";

export interface DatabaseArgs {
  /** Where its instances are. Functions need not be there: they use the Data API. */
  readonly network: Network;
  /** What its data and its master's password are encrypted with. */
  readonly key: EncryptionKey;
  /** The schema, in order; each deployment brings the database up to the last one before it changes any function. */
  readonly migrations: readonly Migration[];
  /** Name of the database within the cluster: letters, digits and _. @default the logical name */
  readonly databaseName?: string;
  /** Capacity units (2 GiB each) while nothing is asked, 0–256; 0 pauses it, and the next call waits for about 15 s. @default 0.5 */
  readonly minimumCapacity?: number;
  /** Capacity units at most, 1–256, in halves. @default 8 */
  readonly maximumCapacity?: number;
  /** With 0 capacity units at least, seconds of quiet before it pauses, 300–86400. @default 300 */
  readonly pauseAfterSeconds?: number;
  /** Instances, 1–15, each in another zone as far as there are; from 2 on, one takes over when the writer fails. @default 2 */
  readonly instances?: number;
  /** How long backups allow to go back to any second, in days, 1–35. @default 7 */
  readonly backupDays?: number;
  /** How long a call waits for a database that is resuming or failing over. @default 20 */
  readonly patienceSeconds?: number;
  /** Refuse to delete the database. @default false */
  readonly deletionProtection?: boolean;
  /** Keep a snapshot of a database that is deleted, as `<project>-<stack>-<name>-last`; one of that name is in the way. @default true */
  readonly lastSnapshot?: boolean;
  /** For the function that migrates; the database's own log is kept as long. */
  readonly function?: FunctionOptions;
}

/** A database was given migrations that cannot be, or a name that it cannot have. */
export class InvalidDatabase extends pulumi.RunError {}

/**
 * A version with long-term support, which pauses at 0 units and has the Data API.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/AuroraPostgreSQL.Updates.LTS.html
 */
const engineVersion = "16.8";

/** A migration may have to wait until the first instance answers, or to change much. */
const migrationTimeoutSeconds = 900;
const migrationPatienceSeconds = 300;

/**
 * PostgreSQL on Aurora Serverless v2: encrypted, backed up, without a way in from the network; functions use it through
 * the Data API, as its master, whose password Secrets Manager makes and renews every week. `sdk` is what callbacks call.
 */
export class Database extends pulumi.ComponentResource {
  readonly sdk: SqlClient;
  readonly arn: pulumi.Output<string>;
  readonly nodes: {
    readonly cluster: aws.rds.Cluster;
    readonly instances: readonly aws.rds.ClusterInstance[];
    readonly migrate: LambdaFunction<never, Migrated>;
    readonly migration: aws.lambda.Invocation;
  };
  /** The bound client of callbacks that are to wait for another time, 0–900 s, than `patienceSeconds`. */
  readonly waiting: (seconds: number) => SqlClient;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, key, migrations, databaseName = name, instances: count = 2 } = args;
    const { minimumCapacity = 0.5, maximumCapacity = 8, pauseAfterSeconds = 300 } = args;
    const { backupDays = 7, patienceSeconds = 20, deletionProtection = false, lastSnapshot = true } = args;
    checkCapacity(name, "minimumCapacity", minimumCapacity, 0);
    checkCapacity(name, "maximumCapacity", maximumCapacity, Math.max(1, minimumCapacity));
    checkRange(name, "pauseAfterSeconds", pauseAfterSeconds, 300, 86_400);
    checkRange(name, "instances", count, 1, 15);
    checkRange(name, "backupDays", backupDays, 1, 35);
    checkRange(name, "patienceSeconds", patienceSeconds, 0, 900);
    checkDatabase(name, databaseName, migrations);
    super("gallery:storage:Database", name, {}, opts);
    const parent = { parent: this };
    const owner = `${pulumi.getProject()}-${pulumi.getStack()}`;

    const cluster = createCluster();
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: pulumi.interpolate`/aws/rds/cluster/${cluster.clusterIdentifier}/postgresql`,
        retentionInDays: args.function?.logRetentionDays ?? 14,
      },
      parent,
    );
    const instances = Array.from({ length: count }, (_, i) => createInstance(i));
    const secretArn = cluster.masterUserSecrets.apply(([secret]) => `${secret?.secretArn}`);
    const binding = {
      owner: `database "${name}"`,
      name,
      arn: cluster.arn,
      // The Data API reads the password in the name of whoever calls it.
      also: [
        { actions: ["secretsmanager:GetSecretValue"], resource: secretArn },
        {
          actions: ["kms:Decrypt"],
          resource: key.arn,
          condition: { StringEquals: { "kms:EncryptionContext:SecretARN": secretArn } },
        },
      ],
    };
    const target = { resourceArn: cluster.arn, secretArn };
    const migrating = createMigrating();
    const migration = createMigration();
    // Known once the schema is what the functions expect.
    const migrated = migration.result.apply(() => databaseName);
    this.waiting = (seconds) => {
      checkRange(name, "patienceSeconds", seconds, 0, 900);
      return bind(sqlMethods, {
        ...binding,
        target: { ...target, database: migrated, patienceSeconds: String(seconds) },
      }) as SqlClient;
    };
    this.sdk = this.waiting(patienceSeconds);
    this.arn = cluster.arn;
    this.nodes = { cluster, instances, migrate: migrating, migration };
    this.registerOutputs({ arn: this.arn });

    function createCluster() {
      const subnets = new aws.rds.SubnetGroup(
        `${name}-subnets`,
        { subnetIds: network.privateSubnetIds },
        parent,
      );
      const { serverGroupId } = network.server(name, [5432], parent);
      return new aws.rds.Cluster(
        name,
        {
          engine: "aurora-postgresql",
          engineMode: "provisioned",
          engineVersion,
          databaseName,
          masterUsername: "gallery_owner",
          manageMasterUserPassword: true,
          masterUserSecretKmsKeyId: key.arn,
          enableHttpEndpoint: true,
          iamDatabaseAuthenticationEnabled: true,
          serverlessv2ScalingConfiguration: {
            minCapacity: minimumCapacity,
            maxCapacity: maximumCapacity,
            ...(minimumCapacity === 0 && { secondsUntilAutoPause: pauseAfterSeconds }),
          },
          dbSubnetGroupName: subnets.name,
          vpcSecurityGroupIds: [serverGroupId],
          storageEncrypted: true,
          kmsKeyId: key.arn,
          backupRetentionPeriod: backupDays,
          copyTagsToSnapshot: true,
          enabledCloudwatchLogsExports: ["postgresql"],
          deletionProtection,
          applyImmediately: true,
          skipFinalSnapshot: !lastSnapshot,
          ...(lastSnapshot && { finalSnapshotIdentifier: snapshotIdentifier(`${owner}-${name}-last`) }),
        },
        parent,
      );
    }

    function createInstance(index: number) {
      return new aws.rds.ClusterInstance(
        `${name}-${index + 1}`,
        {
          clusterIdentifier: cluster.id,
          engine: "aurora-postgresql",
          instanceClass: "db.serverless",
          promotionTier: index === 0 ? 0 : 1,
          publiclyAccessible: false,
          // It would leave the version with long-term support, which is changed here.
          autoMinorVersionUpgrade: false,
          performanceInsightsEnabled: true,
          applyImmediately: true,
        },
        // Else RDS would make it, to keep logs for ever.
        { ...parent, dependsOn: [logGroup] },
      );
    }

    function createMigrating() {
      const database = bind(sqlMethods, {
        ...binding,
        target: { ...target, database: databaseName, patienceSeconds: String(migrationPatienceSeconds) },
      }) as SqlClient;
      return new LambdaFunction<never, Migrated>(
        `${name}-migrate`,
        {
          timeoutSeconds: migrationTimeoutSeconds,
          ...args.function,
          description: `Brings the schema of ${name} up to date`,
          handler: migrate(database, migrations),
        },
        parent,
      );
    }

    function createMigration() {
      return new aws.lambda.Invocation(
        `${name}-migration`,
        {
          functionName: migrating.name,
          input: JSON.stringify({}),
          triggers: { cluster: cluster.clusterResourceId, migrations: digest(migrations) },
        },
        { ...parent, dependsOn: [...instances, migrating.nodes.policy] },
      );
    }
  }
}

/** Letters, digits and single hyphens, a letter first. @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBCluster.html */
const snapshotIdentifier = (name: string) =>
  `s-${name}`
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^s-(?=[A-Za-z])/, "")
    .slice(0, 255);

const digest = (migrations: readonly Migration[]) =>
  crypto.createHash("sha256").update(JSON.stringify(migrations)).digest("hex");

function checkCapacity(name: string, argument: string, value: number, from: number): void {
  if (!Number.isInteger(2 * value) || value < from || value > 256) {
    throw new OutOfRange(`${name}: ${argument} is ${value}; it must be from ${from} to 256, in halves`);
  }
}

function checkDatabase(name: string, databaseName: string, migrations: readonly Migration[]): void {
  if (!/^[a-z]\w{0,62}$/.test(databaseName)) {
    throw new InvalidDatabase(
      `${name}: a database cannot be named ${databaseName}; give \`databaseName\`: a small letter, then letters, ` +
        "digits and _, at most 63",
    );
  }
  const names = migrations.map((migration) => migration.name);
  const twice = names.find((other, i) => names.indexOf(other) !== i);
  const empty = migrations.find(({ statements }) => !statements.some((statement) => statement.trim() !== ""));
  if (twice !== undefined || empty) {
    throw new InvalidDatabase(
      twice === undefined
        ? `${name}: the migration "${empty?.name}" has no statement; write one, or remove it if it was never deployed`
        : `${name}: two migrations are named "${twice}"; rename the newer one`,
    );
  }
}
