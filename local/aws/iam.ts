import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  type Role,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, resource, type ServiceTable } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { nameOf, policyText } from "./request";
import { retag, tagList } from "./tags";

type RoleInputs = Inputs<aws.iam.RoleArgs>;

const defaultSessionSeconds = 3600;

/** Brings the inline and managed policies that the role itself lists from `old` to `role`. */
async function setPolicies(role: RoleInputs, old: Partial<RoleInputs>, cloud: Cloud): Promise<void> {
  const iam = cloud.client(IAMClient);
  const RoleName = role.name;
  const inline = role.inlinePolicies ?? [];
  const managed = role.managedPolicyArns ?? [];
  for (const { name: PolicyName } of old.inlinePolicies ?? []) {
    if (inline.some(({ name }) => name === PolicyName)) continue;
    await ifPresent(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
  }
  for (const { name: PolicyName, policy: PolicyDocument } of inline) {
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  }
  for (const PolicyArn of old.managedPolicyArns ?? []) {
    if (managed.includes(PolicyArn)) continue;
    await ifPresent(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
  }
  for (const PolicyArn of managed) {
    if (old.managedPolicyArns?.includes(PolicyArn)) continue;
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }
}

/** Deletes a role with whatever policies it still has: IAM refuses to delete it before them. */
async function removeRole(RoleName: string, cloud: Cloud): Promise<void> {
  const iam = cloud.client(IAMClient);
  const inline = await ifPresent(iam.send(new ListRolePoliciesCommand({ RoleName })));
  for (const PolicyName of inline?.PolicyNames ?? []) {
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  }
  const managed = await ifPresent(iam.send(new ListAttachedRolePoliciesCommand({ RoleName })));
  for (const { PolicyArn } of managed?.AttachedPolicies ?? []) {
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  await ifPresent(iam.send(new DeleteRoleCommand({ RoleName })));
}

function known(role: Role | undefined) {
  return { uniqueId: role?.RoleId, createDate: role?.CreateDate?.toISOString() };
}

const role = resource<aws.iam.RoleArgs>({
  nameProperty: "name",
  replaceOn: ["name", "namePrefix", "path"],
  outputs: (id, inputs, { account }) => ({
    arn: `arn:aws:iam::${account}:role${inputs.path ?? "/"}${id}`,
    assumeRolePolicy: policyText(inputs.assumeRolePolicy),
    maxSessionDuration: inputs.maxSessionDuration ?? defaultSessionSeconds,
    path: inputs.path ?? "/",
  }),
  async create(inputs, cloud) {
    const id = nameOf(inputs);
    const create = new CreateRoleCommand({
      RoleName: id,
      AssumeRolePolicyDocument: policyText(inputs.assumeRolePolicy),
      Description: inputs.description,
      MaxSessionDuration: inputs.maxSessionDuration,
      Path: inputs.path,
      PermissionsBoundary: inputs.permissionsBoundary,
      Tags: tagList(inputs.tags),
    });
    const { Role } = await createAnew(
      () => cloud.client(IAMClient).send(create),
      () => removeRole(id, cloud),
    );
    await setPolicies(inputs, {}, cloud);
    return { id, outputs: known(Role) };
  },
  async read(id, _inputs, cloud) {
    const answer = await ifPresent(cloud.client(IAMClient).send(new GetRoleCommand({ RoleName: id })));
    return answer && known(answer.Role);
  },
  async update(id, inputs, old, cloud) {
    const iam = cloud.client(IAMClient);
    const RoleName = id;
    const PolicyDocument = policyText(inputs.assumeRolePolicy);
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    await iam.send(
      new UpdateRoleCommand({
        RoleName,
        Description: inputs.description ?? "",
        MaxSessionDuration: inputs.maxSessionDuration ?? defaultSessionSeconds,
      }),
    );
    const PermissionsBoundary = inputs.permissionsBoundary;
    if (PermissionsBoundary) {
      await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
    } else if (old.permissionsBoundary) {
      await ifPresent(iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })));
    }
    await setPolicies(inputs, old, cloud);
    await retag(inputs.tags, old.tags, {
      tag: (tags) => iam.send(new TagRoleCommand({ RoleName, Tags: tagList(tags) })),
      untag: (TagKeys) => iam.send(new UntagRoleCommand({ RoleName, TagKeys })),
    });
    return {};
  },
  async delete(id, _inputs, cloud) {
    await removeRole(id, cloud);
  },
});

async function putRolePolicy(inputs: Inputs<aws.iam.RolePolicyArgs>, cloud: Cloud): Promise<void> {
  const PolicyDocument = policyText(inputs.policy);
  await cloud
    .client(IAMClient)
    .send(new PutRolePolicyCommand({ RoleName: inputs.role, PolicyName: inputs.name, PolicyDocument }));
}

const rolePolicy = resource<aws.iam.RolePolicyArgs>({
  nameProperty: "name",
  replaceOn: ["name", "namePrefix", "role"],
  outputs: (_id, inputs) => ({ policy: policyText(inputs.policy) }),
  async create(inputs, cloud) {
    await putRolePolicy(inputs, cloud);
    return { id: `${inputs.role}:${nameOf(inputs)}` };
  },
  async read(_id, { role: RoleName, name: PolicyName }, cloud) {
    return (
      (await ifPresent(cloud.client(IAMClient).send(new GetRolePolicyCommand({ RoleName, PolicyName })))) &&
      {}
    );
  },
  async update(_id, inputs, _old, cloud) {
    await putRolePolicy(inputs, cloud);
    return {};
  },
  async delete(_id, { role: RoleName, name: PolicyName }, cloud) {
    await ifPresent(cloud.client(IAMClient).send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
  },
});

const rolePolicyAttachment = resource<aws.iam.RolePolicyAttachmentArgs>({
  replaceOn: ["role", "policyArn"],
  outputs: () => ({}),
  async create({ role: RoleName, policyArn: PolicyArn }, cloud) {
    await cloud.client(IAMClient).send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    return { id: `${RoleName}/${PolicyArn}` };
  },
  async read(_id, { role: RoleName, policyArn }, cloud) {
    const list = new ListAttachedRolePoliciesCommand({ RoleName });
    const answer = await ifPresent(cloud.client(IAMClient).send(list));
    return answer?.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === policyArn) ? {} : undefined;
  },
  async delete(_id, { role: RoleName, policyArn: PolicyArn }, cloud) {
    await ifPresent(cloud.client(IAMClient).send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
  },
});

export const iam: ServiceTable = {
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
};
