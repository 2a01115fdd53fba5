import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { type Cloud, resource, type ServiceTable } from "../engine/resource";
import { ifPresent, refuse } from "./faults";
import { request } from "./request";
import { retag, type Tags, tagList } from "./tags";

const type = "aws:s3/bucket:Bucket";

async function isPresent(Bucket: string, cloud: Cloud): Promise<boolean> {
  const head = new HeadBucketCommand({ Bucket });
  return (await ifPresent(cloud.client(S3Client).send(head))) !== undefined;
}

/** Removes every object, with all its versions and delete markers. */
async function empty(Bucket: string, cloud: Cloud): Promise<void> {
  const client = cloud.client(S3Client);
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const Delete = { Objects, Quiet: true };
    const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete }));
    const [first] = Errors;
    if (first) throw new ObjectNotDeleted(Bucket, first.Key, first.Message);
  }
}

/** A bucket that is to be emptied keeps an object. */
export class ObjectNotDeleted extends Error {
  constructor(bucket: string, key: string | undefined, reason: string | undefined) {
    super(
      `Bucket ${bucket} cannot be emptied: ${key} is not deleted (${reason}). Delete it, then try again.`,
    );
    this.name = "ObjectNotDeleted";
  }
}

/** A bucket's tags change as a whole only. */
async function setTags(Bucket: string, tags: Tags | undefined, old: Tags | undefined, cloud: Cloud) {
  const client = cloud.client(S3Client);
  const replace = async () => {
    const TagSet = tagList(tags);
    await (TagSet
      ? client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
      : client.send(new DeleteBucketTaggingCommand({ Bucket })));
  };
  await retag(tags, old, { tag: replace, untag: replace });
}

const bucket = resource<aws.s3.BucketArgs>({
  nameProperty: "bucket",
  replaceOn: ["bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"],
  outputs: (id, _inputs, { region }) => ({
    arn: `arn:aws:s3:::${id}`,
    bucketDomainName: `${id}.s3.amazonaws.com`,
    bucketRegion: region,
    bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
  }),
  async create(inputs, cloud) {
    refuse(type, inputs, ["bucketPrefix", "bucketNamespace"], 'Give the whole name as "bucket", or none.');
    refuse(
      type,
      inputs,
      [
        "accelerationStatus",
        "acl",
        "corsRules",
        "grants",
        "lifecycleRules",
        "logging",
        "objectLockConfiguration",
        "policy",
        "replicationConfiguration",
        "requestPayer",
        "serverSideEncryptionConfiguration",
        "versioning",
        "website",
      ],
      "Declare it as a resource of its own, such as aws.s3.BucketPolicy.",
    );
    const { region } = cloud;
    const client = cloud.client(S3Client);
    const Bucket = inputs.bucket ?? "";
    // In us-east-1, creating a bucket again is no error, and would take up what an interrupted run left in it.
    if (await isPresent(Bucket, cloud)) {
      await empty(Bucket, cloud);
      await client.send(new DeleteBucketCommand({ Bucket }));
    }
    const create = new CreateBucketCommand(
      request({
        Bucket,
        // The default region has no constraint.
        CreateBucketConfiguration: region === "us-east-1" ? undefined : { LocationConstraint: region },
        ObjectLockEnabledForBucket: inputs.objectLockEnabled,
      }),
    );
    await client.send(create);
    await setTags(Bucket, inputs.tags, undefined, cloud);
    return { id: Bucket };
  },
  async read(id, _inputs, cloud) {
    return (await isPresent(id, cloud)) ? {} : undefined;
  },
  async update(id, inputs, old, cloud) {
    await setTags(id, inputs.tags, old.tags, cloud);
    return {};
  },
  async delete(id, { forceDestroy }, cloud) {
    if (!(await isPresent(id, cloud))) return;
    if (forceDestroy) await empty(id, cloud);
    await ifPresent(cloud.client(S3Client).send(new DeleteBucketCommand({ Bucket: id })));
  },
});

/** Buckets; their settings are resources of their own. */
export const buckets: ServiceTable = { [type]: bucket };
