import { isDeepStrictEqual } from "node:util";
import {
  CreateServerlessCacheCommand,
  DeleteServerlessCacheCommand,
  DescribeServerlessCachesCommand,
  ElastiCacheClient,
  ModifyServerlessCacheCommand,
  type ServerlessCache,
} from "@aws-sdk/client-elasticache";
import type * as aws from "@pulumi/aws";
import { cacheEndpoint } from "../cache/place";
import { type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { arnOf, checkName, InvalidElastiCacheParameter, retagArn } from "./elasticache-parameters";
import { user, userGroup } from "./elasticache-users";
import { createAnew, ifPresent, refuse } from "./faults";
import { nameOf, pascal, request } from "./request";
import { tagList } from "./tags";

type CacheInputs = Inputs<aws.elasticache.ServerlessCacheArgs>;

const cacheType = "aws:elasticache/serverlessCache:ServerlessCache";

/** Major version of a cache that asks for none. */
const defaultMajorVersions: Readonly<Record<string, string>> = { memcached: "1.6", redis: "7", valkey: "8" };

function usageLimits(limits: CacheInputs["cacheUsageLimits"]) {
  return (
    limits && {
      DataStorage: pascal(limits.dataStorage),
      ECPUPerSecond: pascal(limits.ecpuPerSeconds?.[0]),
    }
  );
}

function endpoints(name: string, place: Place, port: number) {
  const address = `${name}.serverless.${place.region}.cache.amazonaws.com`;
  return [cacheEndpoint(place) ?? { address, port }];
}

function known(cache: ServerlessCache | undefined) {
  return {
    createTime: cache?.CreateTime?.toISOString(),
    fullEngineVersion: cache?.FullEngineVersion,
    status: cache?.Status,
  };
}

const serverlessCache = resource<aws.elasticache.ServerlessCacheArgs>({
  nameProperty: "name",
  replaceOn: ["kmsKeyId", "name", "networkType", "snapshotArnsToRestores", "subnetIds"],
  outputs: (id, inputs, place) => ({
    arn: arnOf(`serverlesscache:${id}`, place),
    dailySnapshotTime: inputs.dailySnapshotTime ?? "00:00",
    description: inputs.description ?? "",
    endpoints: endpoints(id, place, 6379),
    engine: inputs.engine,
    majorEngineVersion: inputs.majorEngineVersion ?? defaultMajorVersions[inputs.engine],
    name: id,
    networkType: inputs.networkType ?? "ipv4",
    readerEndpoints: endpoints(id, place, 6380),
    securityGroupIds: inputs.securityGroupIds ?? [],
    snapshotRetentionLimit: inputs.snapshotRetentionLimit ?? 0,
    subnetIds: inputs.subnetIds ?? [],
  }),
  async create(inputs, cloud) {
    const name = nameOf(inputs);
    checkName("The cache name", name);
    refuse(cacheType, inputs, ["snapshotArnsToRestores"], "There are no snapshots here. Leave it out.");
    if (inputs.userGroupId === undefined) {
      const rule = "the local cloud has no cache without authentication. Give it a userGroupId.";
      throw new InvalidElastiCacheParameter("The cache", name, rule);
    }
    const client = cloud.client(ElastiCacheClient);
    const create = new CreateServerlessCacheCommand(
      request({
        CacheUsageLimits: usageLimits(inputs.cacheUsageLimits),
        DailySnapshotTime: inputs.dailySnapshotTime,
        Description: inputs.description,
        Engine: inputs.engine,
        KmsKeyId: inputs.kmsKeyId,
        MajorEngineVersion: inputs.majorEngineVersion,
        NetworkType: inputs.networkType,
        SecurityGroupIds: inputs.securityGroupIds,
        ServerlessCacheName: name,
        SnapshotRetentionLimit: inputs.snapshotRetentionLimit,
        SubnetIds: inputs.subnetIds,
        Tags: tagList(inputs.tags),
        UserGroupId: inputs.userGroupId,
      }),
    );
    const { ServerlessCache } = await createAnew(
      () => client.send(create),
      () => client.send(new DeleteServerlessCacheCommand({ ServerlessCacheName: name })),
    );
    return { id: name, outputs: known(ServerlessCache) };
  },
  async read(id, _inputs, cloud) {
    const describe = new DescribeServerlessCachesCommand({ ServerlessCacheName: id });
    const found = await ifPresent(cloud.client(ElastiCacheClient).send(describe));
    return found && known(found.ServerlessCaches?.[0]);
  },
  async update(id, inputs, old, cloud) {
    const client = cloud.client(ElastiCacheClient);
    const fields = (from: CacheInputs) => ({
      CacheUsageLimits: usageLimits(from.cacheUsageLimits),
      DailySnapshotTime: from.dailySnapshotTime,
      Description: from.description,
      Engine: from.engine,
      MajorEngineVersion: from.majorEngineVersion,
      SecurityGroupIds: from.securityGroupIds,
      SnapshotRetentionLimit: from.snapshotRetentionLimit,
      UserGroupId: from.userGroupId,
    });
    if (!isDeepStrictEqual(fields(inputs), fields(old))) {
      const modify = new ModifyServerlessCacheCommand(
        request({ ServerlessCacheName: id, ...fields(inputs) }),
      );
      await client.send(modify);
    }
    await retagArn(arnOf(`serverlesscache:${id}`, cloud), cloud, inputs.tags, old.tags);
    return this.read(id, inputs, cloud);
  },
  async delete(id, _inputs, cloud) {
    const remove = new DeleteServerlessCacheCommand({ ServerlessCacheName: id });
    await ifPresent(cloud.client(ElastiCacheClient).send(remove));
  },
});

export const elasticache: ServiceTable = {
  "aws:elasticache/serverlessCache:ServerlessCache": serverlessCache,
  "aws:elasticache/user:User": user,
  "aws:elasticache/userGroup:UserGroup": userGroup,
};
