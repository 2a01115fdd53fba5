import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import { ifPresent } from "../../../local/aws/faults";
import { s3 } from "../../../local/aws/s3";
import { sqs } from "../../../local/aws/sqs";
import type { Inputs } from "../../../local/engine/resource";
import { type Deployed, eventually, Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(s3, sqs);
});

afterAll(() => stack.stop());

const client = () => stack.cloud.client(S3Client);

const createBucket = (bucket: string, inputs: Inputs<aws.s3.BucketArgs> = {}) =>
  stack.create<aws.s3.BucketArgs>("aws:s3/bucket:Bucket", { bucket, ...inputs });

const put = (Bucket: string, Key: string, Body = "x") =>
  client().send(new PutObjectCommand({ Bucket, Key, Body }));

const keys = async (Bucket: string) => {
  const { Contents = [] } = await client().send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => Key);
};

async function tags(Bucket: string) {
  const { TagSet } = await client().send(new GetBucketTaggingCommand({ Bucket }));
  return TagSet;
}

const enableVersions = (bucket: string) =>
  stack.create<aws.s3.BucketVersioningArgs>("aws:s3/bucketVersioning:BucketVersioning", {
    bucket,
    versioningConfiguration: { status: "Enabled" },
  });

test("a bucket lives from creation to deletion", async () => {
  // Prepare
  const bucket = await createBucket("life", { tags: { a: "1", b: "2" } });

  // Act
  await bucket.update({ tags: { b: "3" } });
  const updated = { tags: await tags("life"), read: await bucket.read() };
  await bucket.update({ tags: undefined });
  const untagged = await tags("life").catch((error: Error) => error.name);
  await bucket.delete();
  await bucket.delete();

  // Assess
  expect(bucket).toMatchObject({
    id: "life",
    outputs: {
      arn: "arn:aws:s3:::life",
      bucket: "life",
      bucketDomainName: "life.s3.amazonaws.com",
      bucketRegion: "us-east-1",
      bucketRegionalDomainName: "life.s3.us-east-1.amazonaws.com",
    },
  });
  expect(updated).toEqual({ tags: [{ Key: "b", Value: "3" }], read: {} });
  expect(untagged).toBe("NoSuchTagSet");
  expect(await bucket.read()).toBeUndefined();
});

test("a bucket with objects goes only by force, and then with all their versions", async () => {
  // Prepare
  const bucket = await createBucket("full");
  await put("full", "before versions");
  await enableVersions("full");
  await put("full", "a");
  await put("full", "a");
  await put("full", "b/c d+é");

  // Act
  const refused = await bucket.delete().catch((error: Error) => error.name);
  const kept = await keys("full");
  await bucket.update({ forceDestroy: true });
  await bucket.delete();

  // Assess
  expect(refused).toBe("BucketNotEmpty");
  expect(kept).toEqual(["a", "b/c d+é", "before versions"]);
  expect(await bucket.read()).toBeUndefined();
});

test("a bucket that an interrupted run left is replaced", async () => {
  // Prepare
  await createBucket("left", { tags: { a: "1" } });
  await put("left", "old");

  // Act
  const bucket = await createBucket("left");

  // Assess
  expect(await keys("left")).toEqual([]);
  expect(await tags("left").catch((error: Error) => error.name)).toBe("NoSuchTagSet");
  expect(bucket.id).toBe("left");
});

test("settings inside a bucket's own arguments are refused", async () => {
  // Act
  const creation = createBucket("inline", { versioning: { enabled: true } });

  // Assess
  await expect(creation).rejects.toThrow('aws:s3/bucket:Bucket: the local cloud has no "versioning"');
});

interface Setting {
  readonly type: string;
  readonly inputs: object;
  readonly changed: object;
  readonly read: (Bucket: string) => Promise<unknown>;
  readonly has: unknown;
  readonly hasChanged: object;
}

const statement = (action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Principal: "*", Action: action, Resource: "arn:aws:s3:::settings/*" }],
});

const lifecycleOf = async (Bucket: string) =>
  (await client().send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules;

const settings: Record<string, Setting> = {
  "public access": {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    inputs: { blockPublicAcls: true, blockPublicPolicy: true },
    changed: { blockPublicAcls: undefined },
    read: async (Bucket) =>
      (await client().send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration,
    has: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: false,
      RestrictPublicBuckets: false,
    },
    hasChanged: { BlockPublicAcls: false, BlockPublicPolicy: true },
  },
  ownership: {
    type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    inputs: { rule: { objectOwnership: "BucketOwnerPreferred" } },
    changed: { rule: { objectOwnership: "BucketOwnerEnforced" } },
    read: async (Bucket) =>
      (await client().send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls,
    has: { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" }] },
    hasChanged: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
  },
  policy: {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    inputs: { policy: statement("s3:PutObjectAcl") },
    changed: { policy: JSON.stringify(statement("s3:DeleteObjectTagging")) },
    read: async (Bucket) =>
      JSON.parse((await client().send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? ""),
    has: statement("s3:PutObjectAcl"),
    hasChanged: statement("s3:DeleteObjectTagging"),
  },
  cors: {
    type: "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
    inputs: {
      corsRules: [
        { id: "web", allowedMethods: ["POST"], allowedOrigins: ["https://a.example"], maxAgeSeconds: 60 },
      ],
    },
    changed: { corsRules: [{ allowedMethods: ["GET"], allowedOrigins: ["*"], exposeHeaders: ["ETag"] }] },
    read: async (Bucket) => (await client().send(new GetBucketCorsCommand({ Bucket }))).CORSRules,
    has: [{ ID: "web", AllowedMethods: ["POST"], AllowedOrigins: ["https://a.example"], MaxAgeSeconds: 60 }],
    hasChanged: [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"], ExposeHeaders: ["ETag"] }],
  },
  lifecycle: {
    type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    inputs: {
      rules: [
        { id: "old", status: "Enabled", filter: { prefix: "uploads/" }, expiration: { days: 1 } },
        {
          id: "parts",
          status: "Enabled",
          abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
        },
      ],
    },
    changed: {
      rules: [
        {
          id: "large",
          status: "Disabled",
          filter: { and: { prefix: "a/", objectSizeGreaterThan: 10, tags: { kind: "raw" } } },
          transitions: [{ date: "2030-01-01T00:00:00Z", storageClass: "GLACIER" }],
        },
      ],
    },
    read: lifecycleOf,
    has: [
      { ID: "old", Status: "Enabled", Filter: { Prefix: "uploads/" }, Expiration: { Days: 1 } },
      {
        ID: "parts",
        Filter: { Prefix: "" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      },
    ],
    hasChanged: [
      {
        ID: "large",
        Status: "Disabled",
        Filter: { And: { Prefix: "a/", ObjectSizeGreaterThan: 10, Tags: [{ Key: "kind", Value: "raw" }] } },
        Transitions: [{ Date: new Date("2030-01-01T00:00:00Z"), StorageClass: "GLACIER" }],
      },
    ],
  },
  notification: {
    type: "aws:s3/bucketNotification:BucketNotification",
    inputs: {
      eventbridge: true,
      lambdaFunctions: [
        {
          lambdaFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
          events: ["s3:ObjectCreated:*"],
          filterPrefix: "a/",
          filterSuffix: ".jpg",
        },
      ],
    },
    changed: {
      eventbridge: undefined,
      lambdaFunctions: [
        {
          lambdaFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:g",
          events: ["s3:ObjectRemoved:*"],
        },
      ],
    },
    read: async (Bucket) => {
      const get = new GetBucketNotificationConfigurationCommand({ Bucket });
      const { $metadata, ...found } = await client().send(get);
      return found;
    },
    has: {
      EventBridgeConfiguration: {},
      LambdaFunctionConfigurations: [
        {
          LambdaFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
          Events: ["s3:ObjectCreated:*"],
          Filter: {
            Key: {
              FilterRules: [
                { Name: "prefix", Value: "a/" },
                { Name: "suffix", Value: ".jpg" },
              ],
            },
          },
        },
      ],
    },
    hasChanged: {
      LambdaFunctionConfigurations: [{ Events: ["s3:ObjectRemoved:*"] }],
    },
  },
};

test.each(Object.entries(settings))("the %s of a bucket comes, changes and goes", async (_name, setting) => {
  // Prepare
  const bucket = await createBucket("settings");
  const made: Deployed<object> = await stack.create(setting.type, { bucket: "settings", ...setting.inputs });

  // Act
  const created = { read: await made.read(), found: await setting.read("settings") };
  await made.update(setting.changed);
  const changed = await setting.read("settings");
  await made.delete();
  await made.delete();
  const gone = await made.read();
  await bucket.delete();
  await made.delete();

  // Assess
  expect(made.id).toBe("settings");
  expect(created).toMatchObject({ read: {}, found: setting.has });
  expect(changed).toMatchObject(setting.hasChanged);
  expect(changed).not.toHaveProperty("EventBridgeConfiguration");
  expect(gone).toBeUndefined();
});

test("encryption falls back to that of every bucket", async () => {
  // Prepare
  await createBucket("secret");
  const read = async () => {
    const get = new GetBucketEncryptionCommand({ Bucket: "secret" });
    return (await client().send(get)).ServerSideEncryptionConfiguration?.Rules?.[0];
  };

  // Act
  const encryption = await stack.create<aws.s3.BucketServerSideEncryptionConfigurationArgs>(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    {
      bucket: "secret",
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "alias/photos" },
          bucketKeyEnabled: true,
        },
      ],
    },
  );
  const created = await read();
  await encryption.delete();

  // Assess
  expect(created).toMatchObject({
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "alias/photos" },
    BucketKeyEnabled: true,
  });
  expect(await read()).toMatchObject({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } });
});

test("versions stop when their setting goes", async () => {
  // Prepare
  await createBucket("versions");
  const status = async () =>
    (await client().send(new GetBucketVersioningCommand({ Bucket: "versions" }))).Status;

  // Act
  const versioning = await enableVersions("versions");
  const enabled = await status();
  await versioning.delete();

  // Assess
  expect(enabled).toBe("Enabled");
  expect(await status()).toBe("Suspended");
});

test("a bucket tells a queue that accepts it of what is below a prefix", async () => {
  // Prepare
  await createBucket("told");
  const queue = await stack.create<aws.sqs.QueueArgs>("aws:sqs/queue:Queue", { name: "told" });
  await stack.create<aws.sqs.QueuePolicyArgs>("aws:sqs/queuePolicy:QueuePolicy", {
    queueUrl: queue.id,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queue.outputs.arn,
          Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::told" } },
        },
      ],
    }),
  });
  await stack.create<aws.s3.BucketNotificationArgs>("aws:s3/bucketNotification:BucketNotification", {
    bucket: "told",
    queues: [{ queueArn: String(queue.outputs.arn), events: ["s3:ObjectCreated:*"], filterPrefix: "in/" }],
  });

  // Act
  await put("told", "out/1");
  await put("told", "in/2", "hello");
  const record = await eventually(async () => {
    const receive = new ReceiveMessageCommand({ QueueUrl: queue.id, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await stack.cloud.client(SQSClient).send(receive);
    return Messages.map(({ Body = "{}" }) => JSON.parse(Body).Records?.[0]).find(Boolean);
  });

  // Assess
  expect(record).toMatchObject({ s3: { bucket: { name: "told" }, object: { key: "in/2", size: 5 } } });
});

test("what asks of a bucket that is gone finds nothing", async () => {
  // Act
  const found = await ifPresent(client().send(new GetBucketPolicyCommand({ Bucket: "never-made" })));

  // Assess
  expect(found).toBeUndefined();
});
