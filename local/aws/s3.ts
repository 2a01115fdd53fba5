import {
  type CORSRule,
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import type { Inputs, ServiceTable } from "../engine/resource";
import { type Fields, pascal, policyText, request } from "./request";
import { buckets } from "./s3-bucket";
import { lifecycle } from "./s3-lifecycle";
import { notification } from "./s3-notification";
import { bucketSetting } from "./s3-setting";

const publicAccessBlock = bucketSetting<aws.s3.BucketPublicAccessBlockArgs>({
  put: (Bucket, inputs, client) =>
    client.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: inputs.blockPublicAcls ?? false,
          BlockPublicPolicy: inputs.blockPublicPolicy ?? false,
          IgnorePublicAcls: inputs.ignorePublicAcls ?? false,
          RestrictPublicBuckets: inputs.restrictPublicBuckets ?? false,
        },
      }),
    ),
  get: (Bucket, client) => client.send(new GetPublicAccessBlockCommand({ Bucket })),
  remove: async (Bucket, { skipDestroy }, client) =>
    skipDestroy ? undefined : client.send(new DeletePublicAccessBlockCommand({ Bucket })),
});

const ownershipControls = bucketSetting<aws.s3.BucketOwnershipControlsArgs>({
  put: (Bucket, { rule }, client) =>
    client.send(
      new PutBucketOwnershipControlsCommand(
        request({ Bucket, OwnershipControls: { Rules: [pascal(rule)] } }),
      ),
    ),
  get: (Bucket, client) => client.send(new GetBucketOwnershipControlsCommand({ Bucket })),
  remove: (Bucket, _inputs, client) => client.send(new DeleteBucketOwnershipControlsCommand({ Bucket })),
});

const policy = bucketSetting<aws.s3.BucketPolicyArgs>({
  outputs: ({ policy }) => ({ policy: policyText(policy) }),
  put: (Bucket, { policy }, client) =>
    client.send(new PutBucketPolicyCommand({ Bucket, Policy: policyText(policy) })),
  get: (Bucket, client) => client.send(new GetBucketPolicyCommand({ Bucket })),
  remove: (Bucket, _inputs, client) => client.send(new DeleteBucketPolicyCommand({ Bucket })),
});

type Encryption = Inputs<aws.s3.BucketServerSideEncryptionConfigurationArgs>;

function encryptionRule(rule: Encryption["rules"][number]) {
  const { applyServerSideEncryptionByDefault: byDefault, blockedEncryptionTypes: blocked } = rule;
  return {
    ApplyServerSideEncryptionByDefault: byDefault && {
      KMSMasterKeyID: byDefault.kmsMasterKeyId,
      SSEAlgorithm: byDefault.sseAlgorithm,
    },
    BlockedEncryptionTypes: blocked && { EncryptionType: blocked },
    BucketKeyEnabled: rule.bucketKeyEnabled,
  } satisfies Fields<ServerSideEncryptionRule>;
}

const encryption = bucketSetting<aws.s3.BucketServerSideEncryptionConfigurationArgs>({
  put: (Bucket, { rules }, client) =>
    client.send(
      new PutBucketEncryptionCommand(
        request({ Bucket, ServerSideEncryptionConfiguration: { Rules: rules.map(encryptionRule) } }),
      ),
    ),
  get: (Bucket, client) => client.send(new GetBucketEncryptionCommand({ Bucket })),
  remove: (Bucket, _inputs, client) => client.send(new DeleteBucketEncryptionCommand({ Bucket })),
});

const versioning = bucketSetting<aws.s3.BucketVersioningArgs>({
  async put(Bucket, { versioningConfiguration: { status, mfaDelete }, mfa: MFA }, client) {
    // The provider's word for a bucket that never had versions, which AWS does not take.
    if (status === "Disabled") return;
    const VersioningConfiguration = { Status: status, MFADelete: mfaDelete };
    await client.send(new PutBucketVersioningCommand(request({ Bucket, MFA, VersioningConfiguration })));
  },
  get: (Bucket, client) => client.send(new GetBucketVersioningCommand({ Bucket })),
  async remove(Bucket, { versioningConfiguration: { status } }, client) {
    // A bucket that had versions can only stop making more.
    if (status === "Disabled") return;
    await client.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
    );
  },
});

function corsRule(rule: Inputs<aws.s3.BucketCorsConfigurationArgs>["corsRules"][number]) {
  return {
    AllowedHeaders: rule.allowedHeaders,
    AllowedMethods: rule.allowedMethods,
    AllowedOrigins: rule.allowedOrigins,
    ExposeHeaders: rule.exposeHeaders,
    ID: rule.id,
    MaxAgeSeconds: rule.maxAgeSeconds,
  } satisfies Fields<CORSRule>;
}

const cors = bucketSetting<aws.s3.BucketCorsConfigurationArgs>({
  put: (Bucket, { corsRules }, client) =>
    client.send(
      new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: corsRules.map(corsRule) } }),
    ),
  get: (Bucket, client) => client.send(new GetBucketCorsCommand({ Bucket })),
  remove: (Bucket, _inputs, client) => client.send(new DeleteBucketCorsCommand({ Bucket })),
});

export const s3: ServiceTable = {
  ...buckets,
  ...lifecycle,
  ...notification,
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": cors,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownershipControls,
  "aws:s3/bucketPolicy:BucketPolicy": policy,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccessBlock,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": encryption,
  "aws:s3/bucketVersioning:BucketVersioning": versioning,
};
