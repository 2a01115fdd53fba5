import {
  CreateDBClusterCommand,
  type CreateDBClusterMessage,
  type DBCluster,
  DeleteDBClusterCommand,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Properties, resource } from "../engine/resource";
import { createAnew, ifPresent, refuse, UnsupportedInput } from "./faults";
import { arnOf, common, retagAt } from "./rds-request";
import { type Fields, pascal, request } from "./request";
import { tagList } from "./tags";

type ClusterInputs = Inputs<aws.rds.ClusterArgs>;

/** What only a new cluster can have. */
function checkCluster(inputs: ClusterInputs): void {
  const type = "aws:rds/cluster:Cluster";
  if (inputs.engine !== "aurora-postgresql" || (inputs.engineMode ?? "provisioned") !== "provisioned") {
    const engine = `engine: ${inputs.engine}, engineMode: ${inputs.engineMode ?? "provisioned"}`;
    throw new UnsupportedInput(type, engine, "It has provisioned Aurora PostgreSQL.");
  }
  const origins = [
    "globalClusterIdentifier",
    "replicationSourceIdentifier",
    "restoreToPointInTime",
    "s3Import",
    "snapshotIdentifier",
  ] as const;
  refuse(type, inputs, origins, "A database begins empty.");
}

/** Settings that creating and changing a cluster take alike. */
function clusterSettings(inputs: ClusterInputs) {
  return {
    BackupRetentionPeriod: inputs.backupRetentionPeriod ?? 1,
    CopyTagsToSnapshot: inputs.copyTagsToSnapshot ?? false,
    DBClusterIdentifier: inputs.clusterIdentifier,
    DBClusterParameterGroupName: inputs.dbClusterParameterGroupName,
    DeletionProtection: inputs.deletionProtection ?? false,
    EnableHttpEndpoint: inputs.enableHttpEndpoint ?? false,
    EnableIAMDatabaseAuthentication: inputs.iamDatabaseAuthenticationEnabled ?? false,
    EngineVersion: inputs.engineVersion,
    Port: inputs.port,
    PreferredBackupWindow: inputs.preferredBackupWindow,
    PreferredMaintenanceWindow: inputs.preferredMaintenanceWindow,
    ServerlessV2ScalingConfiguration: pascal(inputs.serverlessv2ScalingConfiguration),
    VpcSecurityGroupIds: inputs.vpcSecurityGroupIds,
  } satisfies Fields<CreateDBClusterMessage>;
}

/** What the cloud knows of a cluster. */
function clusterState(cluster: DBCluster | undefined): Properties {
  const secret = cluster?.MasterUserSecret;
  return {
    availabilityZones: cluster?.AvailabilityZones ?? [],
    clusterMembers: cluster?.DBClusterMembers?.map((member) => member.DBInstanceIdentifier) ?? [],
    clusterResourceId: cluster?.DbClusterResourceId,
    dbClusterParameterGroupName: cluster?.DBClusterParameterGroup,
    dbSubnetGroupName: cluster?.DBSubnetGroup,
    endpoint: cluster?.Endpoint,
    engineVersion: cluster?.EngineVersion,
    engineVersionActual: cluster?.EngineVersion,
    hostedZoneId: cluster?.HostedZoneId,
    masterUserSecrets: secret
      ? [{ kmsKeyId: secret.KmsKeyId, secretArn: secret.SecretArn, secretStatus: secret.SecretStatus }]
      : [],
    masterUsername: cluster?.MasterUsername,
    port: cluster?.Port,
    preferredBackupWindow: cluster?.PreferredBackupWindow,
    preferredMaintenanceWindow: cluster?.PreferredMaintenanceWindow,
    readerEndpoint: cluster?.ReaderEndpoint,
  };
}

async function describeCluster(DBClusterIdentifier: string, cloud: Cloud): Promise<Properties | undefined> {
  const describe = new DescribeDBClustersCommand({ DBClusterIdentifier });
  const found = await ifPresent(common(cloud.client(RDSClient).send(describe)));
  return found && clusterState(found.DBClusters?.[0]);
}

async function removeCluster(DBClusterIdentifier: string, cloud: Cloud, snapshot?: string): Promise<void> {
  const how = snapshot === undefined ? { SkipFinalSnapshot: true } : { FinalDBSnapshotIdentifier: snapshot };
  const remove = new DeleteDBClusterCommand({ DBClusterIdentifier, ...how });
  await ifPresent(common(cloud.client(RDSClient).send(remove)));
}

/** Its SQL is that of the front door, by the Data API alone: nothing answers at its endpoints. */
export const cluster = resource<aws.rds.ClusterArgs>({
  nameProperty: "clusterIdentifier",
  replaceOn: [
    "availabilityZones",
    "clusterIdentifier",
    "clusterIdentifierPrefix",
    "databaseName",
    "dbSubnetGroupName",
    "engine",
    "engineMode",
    "kmsKeyId",
    "masterUsername",
    "storageEncrypted",
  ],
  outputs: (id, inputs, place) => ({
    applyImmediately: inputs.applyImmediately ?? false,
    arn: arnOf("cluster", id, place),
    backupRetentionPeriod: inputs.backupRetentionPeriod ?? 1,
    clusterIdentifier: id,
    databaseName: inputs.databaseName ?? "",
    engineMode: "provisioned",
    port: inputs.port ?? 5432,
    storageEncrypted: inputs.storageEncrypted ?? false,
    vpcSecurityGroupIds: inputs.vpcSecurityGroupIds ?? [],
  }),
  async create(inputs, cloud) {
    checkCluster(inputs);
    const rds = cloud.client(RDSClient);
    const id = inputs.clusterIdentifier ?? "";
    const create = new CreateDBClusterCommand(
      request({
        ...clusterSettings(inputs),
        AvailabilityZones: inputs.availabilityZones,
        DatabaseName: inputs.databaseName,
        DBSubnetGroupName: inputs.dbSubnetGroupName,
        EnableCloudwatchLogsExports: inputs.enabledCloudwatchLogsExports,
        Engine: inputs.engine,
        EngineMode: inputs.engineMode,
        KmsKeyId: inputs.kmsKeyId,
        ManageMasterUserPassword: inputs.manageMasterUserPassword,
        MasterUsername: inputs.masterUsername,
        MasterUserPassword: inputs.masterPassword ?? inputs.masterPasswordWo,
        MasterUserSecretKmsKeyId: inputs.masterUserSecretKmsKeyId,
        NetworkType: inputs.networkType,
        StorageEncrypted: inputs.storageEncrypted,
        StorageType: inputs.storageType,
        Tags: tagList(inputs.tags),
      }),
    );
    const { DBCluster } = await createAnew(
      () => common(rds.send(create)),
      async () => {
        await rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: id, DeletionProtection: false }));
        await removeCluster(id, cloud);
      },
    );
    return { id, outputs: clusterState(DBCluster) };
  },
  read: (id, _inputs, cloud) => describeCluster(id, cloud),
  async update(id, inputs, old, cloud) {
    checkCluster(inputs);
    const password = ["manageMasterUserPassword", "masterUserSecretKmsKeyId"] as const;
    const changed = password.find((name) => inputs[name] !== old[name]);
    if (changed) {
      const advice = "It cannot be changed in place: give the cluster another name.";
      throw new UnsupportedInput("aws:rds/cluster:Cluster", changed, advice);
    }
    const { masterPassword: MasterUserPassword } = inputs;
    const isSame = MasterUserPassword === old.masterPassword;
    const modify = new ModifyDBClusterCommand(
      request({
        ...clusterSettings(inputs),
        ApplyImmediately: true,
        ...(isSame ? {} : { MasterUserPassword }),
      }),
    );
    await cloud.client(RDSClient).send(modify);
    await retagAt(arnOf("cluster", id, cloud), inputs.tags, old.tags, cloud);
    return describeCluster(id, cloud);
  },
  async delete(id, { skipFinalSnapshot, finalSnapshotIdentifier }, cloud) {
    await removeCluster(id, cloud, skipFinalSnapshot ? undefined : finalSnapshotIdentifier);
  },
});
