import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteResourcePolicyCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeResourcePoliciesCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
  type ResourcePolicy,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { nameOf, policyText, request } from "./request";
import { retag } from "./tags";

function groupArn(name: string, { region, account }: Place): string {
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}

async function setRetention(logGroupName: string, days: number | undefined, cloud: Cloud): Promise<void> {
  const logs = cloud.client(CloudWatchLogsClient);
  // Zero is the provider's word for keeping events forever, for which AWS has no number.
  if (days) await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: days }));
  else await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
}

// The emulator keeps no deletion protection, and takes a key only when the group is made: both stay inputs.
const logGroup = resource<aws.cloudwatch.LogGroupArgs>({
  nameProperty: "name",
  replaceOn: ["name", "namePrefix", "logGroupClass"],
  outputs: (id, inputs, place) => ({
    arn: groupArn(id, place),
    logGroupClass: inputs.logGroupClass ?? "STANDARD",
    retentionInDays: inputs.retentionInDays ?? 0,
  }),
  async create(inputs, cloud) {
    const logs = cloud.client(CloudWatchLogsClient);
    const logGroupName = nameOf(inputs);
    const { kmsKeyId, logGroupClass, tags } = inputs;
    await createAnew(
      () => logs.send(new CreateLogGroupCommand(request({ logGroupName, kmsKeyId, logGroupClass, tags }))),
      () => logs.send(new DeleteLogGroupCommand({ logGroupName })),
    );
    if (inputs.retentionInDays) await setRetention(logGroupName, inputs.retentionInDays, cloud);
    return { id: logGroupName };
  },
  async read(id, _inputs, cloud) {
    const described = new DescribeLogGroupsCommand({ logGroupNamePrefix: id });
    const { logGroups } = await cloud.client(CloudWatchLogsClient).send(described);
    return logGroups?.some(({ logGroupName }) => logGroupName === id) ? {} : undefined;
  },
  async update(id, inputs, old, cloud) {
    const logs = cloud.client(CloudWatchLogsClient);
    if (inputs.retentionInDays !== old.retentionInDays) await setRetention(id, inputs.retentionInDays, cloud);
    const resourceArn = groupArn(id, cloud);
    await retag(inputs.tags, old.tags, {
      tag: (tags) => logs.send(new TagResourceCommand({ resourceArn, tags })),
      untag: (tagKeys) => logs.send(new UntagResourceCommand({ resourceArn, tagKeys })),
    });
    return {};
  },
  async delete(id, inputs, cloud) {
    if (inputs.skipDestroy) return;
    await ifPresent(cloud.client(CloudWatchLogsClient).send(new DeleteLogGroupCommand({ logGroupName: id })));
  },
});

type PolicyInputs = Inputs<aws.cloudwatch.LogResourcePolicyArgs>;

async function findPolicy(inputs: PolicyInputs, cloud: Cloud): Promise<ResourcePolicy | undefined> {
  const { policyName, resourceArn } = inputs;
  const scope = resourceArn ? { resourceArn, policyScope: "RESOURCE" } : {};
  const logs = cloud.client(CloudWatchLogsClient);
  const { resourcePolicies } = await logs.send(new DescribeResourcePoliciesCommand(request(scope)));
  return resourceArn
    ? resourcePolicies?.[0]
    : resourcePolicies?.find((policy) => policy.policyName === policyName);
}

/** What names a policy in a request: a log group's own policy also takes the revision it is to follow. */
async function policyKey(inputs: PolicyInputs, cloud: Cloud) {
  const { policyName, resourceArn } = inputs;
  if (!resourceArn) return { policyName };
  return { resourceArn, expectedRevisionId: (await findPolicy(inputs, cloud))?.revisionId };
}

async function putPolicy(inputs: PolicyInputs, cloud: Cloud) {
  const policyDocument = policyText(inputs.policyDocument);
  const put = new PutResourcePolicyCommand({ ...(await policyKey(inputs, cloud)), policyDocument });
  const { revisionId } = await cloud.client(CloudWatchLogsClient).send(put);
  return { revisionId };
}

const logResourcePolicy = resource<aws.cloudwatch.LogResourcePolicyArgs>({
  replaceOn: ["policyName", "resourceArn"],
  outputs: (_id, inputs) => ({
    policyDocument: policyText(inputs.policyDocument),
    policyScope: inputs.resourceArn ? "RESOURCE" : "ACCOUNT",
  }),
  async create(inputs, cloud) {
    const outputs = await putPolicy(inputs, cloud);
    return { id: inputs.resourceArn ?? inputs.policyName ?? "", outputs };
  },
  async read(_id, inputs, cloud) {
    const policy = await findPolicy(inputs, cloud);
    return policy && { revisionId: policy.revisionId };
  },
  update: (_id, inputs, _old, cloud) => putPolicy(inputs, cloud),
  async delete(_id, inputs, cloud) {
    const key = await policyKey(inputs, cloud);
    await ifPresent(cloud.client(CloudWatchLogsClient).send(new DeleteResourcePolicyCommand(key)));
  },
});

export const logs: ServiceTable = {
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": logResourcePolicy,
};
