import {
  CreateDBClusterParameterGroupCommand,
  CreateDBSubnetGroupCommand,
  DeleteDBClusterParameterGroupCommand,
  DeleteDBSubnetGroupCommand,
  DescribeDBClusterParameterGroupsCommand,
  DescribeDBSubnetGroupsCommand,
  ModifyDBClusterParameterGroupCommand,
  ModifyDBSubnetGroupCommand,
  RDSClient,
  ResetDBClusterParameterGroupCommand,
} from "@aws-sdk/client-rds";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Properties, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { cluster } from "./rds-cluster";
import { clusterInstance } from "./rds-instance";
import { arnOf, common, retagAt } from "./rds-request";
import { nameOf, request } from "./request";
import { tagList } from "./tags";

/** Of groups without one, as the provider has it. */
const defaultDescription = "Managed by Pulumi";

async function describeSubnetGroup(DBSubnetGroupName: string, cloud: Cloud): Promise<Properties | undefined> {
  const describe = new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName });
  const found = await ifPresent(common(cloud.client(RDSClient).send(describe)));
  return found && { vpcId: found.DBSubnetGroups?.[0]?.VpcId };
}

const subnetGroup = resource<aws.rds.SubnetGroupArgs>({
  nameProperty: "name",
  replaceOn: ["name", "namePrefix"],
  outputs: (id, inputs, place) => ({
    arn: arnOf("subgrp", id, place),
    description: inputs.description ?? defaultDescription,
    supportedNetworkTypes: ["IPV4"],
  }),
  async create(inputs, cloud) {
    const id = nameOf(inputs);
    // The emulator creates one in the place of another that has its name.
    const create = new CreateDBSubnetGroupCommand({
      DBSubnetGroupDescription: inputs.description ?? defaultDescription,
      DBSubnetGroupName: id,
      SubnetIds: inputs.subnetIds,
      Tags: tagList(inputs.tags),
    });
    const { DBSubnetGroup } = await cloud.client(RDSClient).send(create);
    return { id, outputs: { vpcId: DBSubnetGroup?.VpcId } };
  },
  read: (id, _inputs, cloud) => describeSubnetGroup(id, cloud),
  async update(id, inputs, old, cloud) {
    const modify = new ModifyDBSubnetGroupCommand({
      DBSubnetGroupDescription: inputs.description ?? defaultDescription,
      DBSubnetGroupName: id,
      SubnetIds: inputs.subnetIds,
    });
    await cloud.client(RDSClient).send(modify);
    await retagAt(arnOf("subgrp", id, cloud), inputs.tags, old.tags, cloud);
    return describeSubnetGroup(id, cloud);
  },
  async delete(id, _inputs, cloud) {
    const remove = new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: id });
    await ifPresent(common(cloud.client(RDSClient).send(remove)));
  },
});

type ParameterGroupInputs = Inputs<aws.rds.ClusterParameterGroupArgs>;

async function setParameters(id: string, { parameters = [] }: ParameterGroupInputs, cloud: Cloud) {
  if (parameters.length === 0) return;
  const modify = new ModifyDBClusterParameterGroupCommand(
    request({
      DBClusterParameterGroupName: id,
      Parameters: parameters.map(({ name, value, applyMethod = "immediate" }) => ({
        ApplyMethod: applyMethod,
        ParameterName: name,
        ParameterValue: value,
      })),
    }),
  );
  await cloud.client(RDSClient).send(modify);
}

async function removeParameterGroup(DBClusterParameterGroupName: string, cloud: Cloud): Promise<void> {
  const remove = new DeleteDBClusterParameterGroupCommand({ DBClusterParameterGroupName });
  await ifPresent(common(cloud.client(RDSClient).send(remove)));
}

/** Its parameters are kept, and the local database has its own. */
const clusterParameterGroup = resource<aws.rds.ClusterParameterGroupArgs>({
  nameProperty: "name",
  replaceOn: ["description", "family", "name", "namePrefix"],
  outputs: (id, inputs, place) => ({
    arn: arnOf("cluster-pg", id, place),
    description: inputs.description ?? defaultDescription,
  }),
  async create(inputs, cloud) {
    const rds = cloud.client(RDSClient);
    const id = nameOf(inputs);
    const create = new CreateDBClusterParameterGroupCommand({
      DBClusterParameterGroupName: id,
      DBParameterGroupFamily: inputs.family,
      Description: inputs.description ?? defaultDescription,
      Tags: tagList(inputs.tags),
    });
    await createAnew(
      () => common(rds.send(create)),
      () => removeParameterGroup(id, cloud),
    );
    await setParameters(id, inputs, cloud);
    return { id };
  },
  async read(id, _inputs, cloud) {
    const describe = new DescribeDBClusterParameterGroupsCommand({ DBClusterParameterGroupName: id });
    return (await ifPresent(common(cloud.client(RDSClient).send(describe)))) && {};
  },
  async update(id, inputs, old, cloud) {
    const rds = cloud.client(RDSClient);
    const kept = new Set(inputs.parameters?.map(({ name }) => name));
    const removed = (old.parameters ?? []).filter(({ name }) => !kept.has(name));
    if (removed.length > 0) {
      const Parameters = removed.map(({ name }) => ({ ApplyMethod: "immediate", ParameterName: name }));
      await rds.send(
        new ResetDBClusterParameterGroupCommand(request({ DBClusterParameterGroupName: id, Parameters })),
      );
    }
    await setParameters(id, inputs, cloud);
    await retagAt(arnOf("cluster-pg", id, cloud), inputs.tags, old.tags, cloud);
    return {};
  },
  delete: (id, _inputs, cloud) => removeParameterGroup(id, cloud),
});

export const rds: ServiceTable = {
  "aws:rds/cluster:Cluster": cluster,
  "aws:rds/clusterInstance:ClusterInstance": clusterInstance,
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": clusterParameterGroup,
  "aws:rds/subnetGroup:SubnetGroup": subnetGroup,
};
