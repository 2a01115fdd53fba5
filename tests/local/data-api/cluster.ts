import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateDBClusterCommand, CreateDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
} from "@aws-sdk/client-rds-data";
import { Emulator } from "../../../local/emulator";
import { connectCloud } from "../../../local/engine/cloud";
import type { Cloud } from "../../../local/engine/resource";
import { openFrontDoor } from "../../../local/front-door";
import { LocalSql } from "../../../local/sql";

const region = "us-east-1";
const account = "000000000000";

/** An emulator and a front door with the Data API. */
export interface SqlCloud {
  readonly address: string;
  readonly cloud: Cloud;
  readonly folder: string;
  stop(): Promise<void>;
}

export async function startSqlCloud(postgres?: string): Promise<SqlCloud> {
  const folder = await mkdtemp(path.join(tmpdir(), "data-api-"));
  const sql = new LocalSql({
    dataDir: path.join(folder, "sql"),
    keep: false,
    log: path.join(folder, "sql.log"),
    address: postgres,
  });
  const { door, deployerToken } = await openFrontDoor({
    recordFile: path.join(folder, "calls.jsonl"),
    addresses: [sql],
  });
  const emulator = await Emulator.start({
    stateDir: folder,
    endpoint: door.address,
    region,
    progress: () => {},
    onExit: (reason) => {
      throw new Error(reason);
    },
  });
  door.connect(emulator.address, emulator.doorToken);
  return {
    address: door.address,
    cloud: connectCloud({ endpoint: door.address, region, account }, deployerToken),
    folder,
    async stop() {
      await Promise.all([sql.stop(), emulator.stop()]);
      await door.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Where a call of the Data API goes. */
export interface Target {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
}

/** A cluster with one instance. */
export async function createCluster({ cloud }: SqlCloud, id: string, more: object = {}): Promise<Target> {
  const rds = cloud.client(RDSClient);
  const { DBCluster } = await rds.send(
    new CreateDBClusterCommand({
      DBClusterIdentifier: id,
      Engine: "aurora-postgresql",
      DatabaseName: "gallery",
      MasterUsername: "owner",
      ManageMasterUserPassword: true,
      EnableHttpEndpoint: true,
      ...more,
    }),
  );
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: `${id}-1`,
      DBClusterIdentifier: id,
      DBInstanceClass: "db.serverless",
      Engine: "aurora-postgresql",
    }),
  );
  return {
    resourceArn: DBCluster?.DBClusterArn ?? "",
    secretArn: DBCluster?.MasterUserSecret?.SecretArn ?? "",
    database: "gallery",
  };
}

/** A client that has a session of a role with these statements in its policy. */
export async function clientWith({ cloud, address }: SqlCloud, Statement: readonly object[]) {
  const RoleName = `role-${Math.random().toString(36).slice(2)}`;
  const iam = cloud.client(IAMClient);
  const trust = { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "may", PolicyDocument }));
  const scope = `test/20000101/${region}/sts/aws4_request`;
  const answer = await fetch(address, {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` },
    body: new URLSearchParams({
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: Role?.Arn ?? "",
      RoleSessionName: "test",
    }),
  });
  const text = await answer.text();
  const field = (name: string) => {
    const found = new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1];
    if (!found) throw new Error(`The role was not assumed: ${text}`);
    return found;
  };
  return new RDSDataClient({
    endpoint: address,
    region,
    maxAttempts: 1,
    credentials: {
      accessKeyId: field("AccessKeyId"),
      secretAccessKey: field("SecretAccessKey"),
      sessionToken: field("SessionToken"),
    },
  });
}

/** What a role needs for the Data API. */
export const rights = (target: Target) => [
  { Effect: "Allow", Action: "rds-data:*", Resource: target.resourceArn },
  { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: target.secretArn },
];

type Options = Partial<Omit<ExecuteStatementCommandInput, "sql" | "parameters">>;

/** The Data API of one cluster in few words. */
export class Data {
  constructor(
    private readonly client: RDSDataClient,
    private readonly target: Target,
  ) {}

  execute(sql: string, parameters: SqlParameter[] = [], options: Options = {}) {
    return this.client.send(new ExecuteStatementCommand({ ...this.target, sql, parameters, ...options }));
  }
  /** The rows as objects. */
  async query(sql: string, parameters?: SqlParameter[], options: Options = {}): Promise<unknown[]> {
    const { formattedRecords = "" } = await this.execute(sql, parameters, {
      formatRecordsAs: "JSON",
      ...options,
    });
    return JSON.parse(formattedRecords);
  }
  batch(sql: string, parameterSets: SqlParameter[][], transactionId?: string) {
    return this.client.send(
      new BatchExecuteStatementCommand({ ...this.target, sql, parameterSets, transactionId }),
    );
  }
  async begin(): Promise<string> {
    const { transactionId = "" } = await this.client.send(new BeginTransactionCommand(this.target));
    return transactionId;
  }
  commit(transactionId: string) {
    return this.client.send(new CommitTransactionCommand({ ...this.target, transactionId }));
  }
  rollback(transactionId: string) {
    return this.client.send(new RollbackTransactionCommand({ ...this.target, transactionId }));
  }
}

export const text = (name: string, stringValue: string): SqlParameter => ({ name, value: { stringValue } });
export const long = (name: string, longValue: number): SqlParameter => ({ name, value: { longValue } });
