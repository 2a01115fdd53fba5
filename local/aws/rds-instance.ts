import {
  CreateDBInstanceCommand,
  type CreateDBInstanceMessage,
  type DBInstance,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Properties, resource } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { arnOf, common, retagAt } from "./rds-request";
import { type Fields, request } from "./request";
import { tagList } from "./tags";

type InstanceInputs = Inputs<aws.rds.ClusterInstanceArgs>;

/** Settings that creating and changing an instance take alike. */
function instanceSettings(inputs: InstanceInputs) {
  return {
    AutoMinorVersionUpgrade: inputs.autoMinorVersionUpgrade ?? true,
    CACertificateIdentifier: inputs.caCertIdentifier,
    CopyTagsToSnapshot: inputs.copyTagsToSnapshot ?? false,
    DBInstanceClass: inputs.instanceClass,
    DBInstanceIdentifier: inputs.identifier,
    DBParameterGroupName: inputs.dbParameterGroupName,
    EnablePerformanceInsights: inputs.performanceInsightsEnabled ?? false,
    MonitoringInterval: inputs.monitoringInterval ?? 0,
    MonitoringRoleArn: inputs.monitoringRoleArn,
    PerformanceInsightsKMSKeyId: inputs.performanceInsightsKmsKeyId,
    PerformanceInsightsRetentionPeriod: inputs.performanceInsightsRetentionPeriod,
    PreferredBackupWindow: inputs.preferredBackupWindow,
    PreferredMaintenanceWindow: inputs.preferredMaintenanceWindow,
    PromotionTier: inputs.promotionTier ?? 0,
    PubliclyAccessible: inputs.publiclyAccessible ?? false,
  } satisfies Fields<CreateDBInstanceMessage>;
}

/** What the cloud knows of an instance; which one writes, its cluster says. */
async function instanceState(instance: DBInstance | undefined, cloud: Cloud): Promise<Properties> {
  const { DBClusterIdentifier, DBInstanceIdentifier } = instance ?? {};
  const { DBClusters } = await cloud
    .client(RDSClient)
    .send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const members = DBClusters?.[0]?.DBClusterMembers ?? [];
  return {
    availabilityZone: instance?.AvailabilityZone,
    caCertIdentifier: instance?.CACertificateIdentifier,
    dbiResourceId: instance?.DbiResourceId,
    dbSubnetGroupName: DBClusters?.[0]?.DBSubnetGroup,
    endpoint: instance?.Endpoint?.Address,
    engineVersion: instance?.EngineVersion,
    engineVersionActual: instance?.EngineVersion,
    port: instance?.Endpoint?.Port,
    writer: members.some(
      (member) => member.DBInstanceIdentifier === DBInstanceIdentifier && member.IsClusterWriter,
    ),
  };
}

async function describeInstance(DBInstanceIdentifier: string, cloud: Cloud): Promise<Properties | undefined> {
  const describe = new DescribeDBInstancesCommand({ DBInstanceIdentifier });
  const found = await ifPresent(common(cloud.client(RDSClient).send(describe)));
  return found && instanceState(found.DBInstances?.[0], cloud);
}

async function removeInstance(DBInstanceIdentifier: string, cloud: Cloud): Promise<void> {
  const remove = new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true });
  await ifPresent(common(cloud.client(RDSClient).send(remove)));
}

export const clusterInstance = resource<aws.rds.ClusterInstanceArgs>({
  nameProperty: "identifier",
  replaceOn: [
    "availabilityZone",
    "clusterIdentifier",
    "customIamInstanceProfile",
    "dbSubnetGroupName",
    "engine",
    "identifier",
    "identifierPrefix",
  ],
  outputs: (id, inputs, place) => ({
    applyImmediately: inputs.applyImmediately ?? false,
    arn: arnOf("db", id, place),
    identifier: id,
    performanceInsightsEnabled: inputs.performanceInsightsEnabled ?? false,
    port: 5432,
    publiclyAccessible: inputs.publiclyAccessible ?? false,
  }),
  async create(inputs, cloud) {
    const rds = cloud.client(RDSClient);
    const id = inputs.identifier ?? "";
    const create = new CreateDBInstanceCommand(
      request({
        ...instanceSettings(inputs),
        AvailabilityZone: inputs.availabilityZone,
        DBClusterIdentifier: inputs.clusterIdentifier,
        DBSubnetGroupName: inputs.dbSubnetGroupName,
        Engine: inputs.engine,
        EngineVersion: inputs.engineVersion,
        Tags: tagList(inputs.tags),
      }),
    );
    const { DBInstance } = await createAnew(
      () => common(rds.send(create)),
      () => removeInstance(id, cloud),
    );
    return { id, outputs: await instanceState(DBInstance, cloud) };
  },
  read: (id, _inputs, cloud) => describeInstance(id, cloud),
  async update(id, inputs, old, cloud) {
    const modify = new ModifyDBInstanceCommand(
      request({ ...instanceSettings(inputs), ApplyImmediately: true }),
    );
    await cloud.client(RDSClient).send(modify);
    await retagAt(arnOf("db", id, cloud), inputs.tags, old.tags, cloud);
    return describeInstance(id, cloud);
  },
  delete: (id, _inputs, cloud) => removeInstance(id, cloud),
});
