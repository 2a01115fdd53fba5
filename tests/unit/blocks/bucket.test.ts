import { TooLate } from "../../../components/additions";
import { Bucket, type BucketArgs } from "../../../components/bucket";
import { DeadLetters } from "../../../components/dead-letters";
import { LambdaFunction } from "../../../components/function";
import { evaluate, granted, only, type Registered } from "../program";

const bucketArn = "arn:aws:s3:eu-west-1:123456789012:files";
const functionArn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:${name}`;
const nothing = async () => {};
const files = (args: Partial<BucketArgs> = {}) =>
  new Bucket("files", { deadLetters: new DeadLetters("failures"), ...args });
const deploy = (args: Partial<BucketArgs> = {}, use: (bucket: Bucket) => unknown = () => {}) =>
  evaluate(() => {
    use(files(args));
    return {};
  });

const ofType = ({ resources }: { resources: Registered[] }, type: string) =>
  resources.filter((resource) => resource.type === type);

test("nobody outside gets in: no public access, TLS only, encrypted", async () => {
  const graph = await deploy();

  expect(
    only(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "files-public-access").inputs,
  ).toEqual({
    bucket: "files-id",
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  const { inputs } = only(graph, "aws:s3/bucketPolicy:BucketPolicy", "files-policy");
  expect(JSON.parse(String(inputs.policy)).Statement).toEqual([
    {
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
  expect(
    only(
      graph,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "files-encryption",
    ).inputs.rules,
  ).toEqual([{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
});

test("objects go when their prefix says so, and unfinished uploads always", async () => {
  const graph = await deploy({ expireDays: { "in/": 7 } });

  expect(
    only(graph, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "files-lifecycle").inputs
      .rules,
  ).toEqual([
    {
      id: "unfinished",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
    { id: "expire in/", status: "Enabled", filter: { prefix: "in/" }, expiration: { days: 7 } },
  ]);
});

test.each([0, 1.5, -1])("an expiry of %p days is refused by its prefix", async (days) => {
  await expect(deploy({ expireDays: { "in/": days } })).rejects.toThrow(
    `files: expireDays["in/"] is ${days}; it must be a whole number 1 or more`,
  );
});

test("web pages may post forms only where origins are given", async () => {
  const type = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration";

  expect(ofType(await deploy(), type)).toEqual([]);
  const open = await deploy({ corsOrigins: ["https://shop.example"] });
  expect(only(open, type, "files-cors").inputs.corsRules).toEqual([
    { allowedMethods: ["POST"], allowedOrigins: ["https://shop.example"], maxAgeSeconds: 600 },
  ]);
});

test("a bucket that is protected stays as long as it holds objects", async () => {
  const forceDestroy = async (args: Partial<BucketArgs>) =>
    only(await deploy(args), "aws:s3/bucket:Bucket", "files").inputs.forceDestroy;

  expect(await forceDestroy({})).toBe(true);
  expect(await forceDestroy({ deletionProtection: true })).toBe(false);
});

describe("objects below a prefix", () => {
  test("are all that a callback may touch, and only as it calls", async () => {
    const graph = await deploy({}, (bucket) => {
      const incoming = bucket.objects("in/");
      const made = bucket.objects("out/");
      new LambdaFunction("convert", {
        handler: async () => {
          await incoming.GetObject({ Key: "in/a" });
          await made.PutObject({ Key: "out/a" });
        },
      });
    });

    expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "convert-policy"))).toEqual({
      "s3:GetObject": `${bucketArn}/in/*`,
      "s3:PutObject": `${bucketArn}/out/*`,
    });
    expect(only(graph, "aws:lambda/function:Function", "convert").inputs.environment).toEqual({
      variables: { FILES_BUCKET: "files-id" },
    });
  });

  test("may be signed for others with the right to do what was signed", async () => {
    const graph = await deploy({}, (bucket) => {
      const incoming = bucket.objects("in/");
      new LambdaFunction("form", { handler: async () => incoming.PresignPost({ Key: "in/a" }) });
      new LambdaFunction("link", {
        handler: async () => incoming.PresignGet({ Key: "in/a", expiresSeconds: 60 }),
      });
    });

    const grants = (name: string) => granted(only(graph, "aws:iam/rolePolicy:RolePolicy", `${name}-policy`));
    expect(grants("form")).toEqual({ "s3:PutObject": `${bucketArn}/in/*` });
    expect(grants("link")).toEqual({ "s3:GetObject": `${bucketArn}/in/*` });
  });
});

describe("functions that objects invoke", () => {
  const notificationType = "aws:s3/bucketNotification:BucketNotification";
  const listen = (bucket: Bucket) => {
    bucket.onCreated("scan", "in/", nothing);
    bucket.onCreated("index", "out/", nothing, { retries: 0, function: { memoryMb: 512 } });
  };

  test("are named by one notification, each with its prefix", async () => {
    const graph = await deploy({}, listen);

    expect(only(graph, notificationType, "files-notification").inputs).toEqual({
      bucket: "files-id",
      lambdaFunctions: [
        {
          lambdaFunctionArn: functionArn("files-scan"),
          events: ["s3:ObjectCreated:*"],
          filterPrefix: "in/",
        },
        {
          lambdaFunctionArn: functionArn("files-index"),
          events: ["s3:ObjectCreated:*"],
          filterPrefix: "out/",
        },
      ],
    });
    expect(ofType(graph, notificationType)).toHaveLength(1);
  });

  test("may be called by this bucket of this account, before the notification is made", async () => {
    const graph = await deploy({}, listen);

    for (const name of ["files-scan", "files-index"]) {
      expect(only(graph, "aws:lambda/permission:Permission", `${name}-permission`).inputs).toEqual({
        action: "lambda:InvokeFunction",
        function: name,
        principal: "s3.amazonaws.com",
        sourceArn: bucketArn,
        sourceAccount: "123456789012",
      });
    }
    const types = graph.resources.map(({ type }) => type);
    expect(types.indexOf(notificationType)).toBeGreaterThan(
      types.lastIndexOf("aws:lambda/permission:Permission"),
    );
  });

  test("retry, and fail to dead letters of their own", async () => {
    const graph = await deploy({ functions: { memoryMb: 256, timeoutSeconds: 20 } }, listen);

    expect(
      only(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "files-index-invoke")
        .inputs,
    ).toMatchObject({
      maximumRetryAttempts: 0,
      destinationConfig: {
        onFailure: { destination: "arn:aws:sns:eu-west-1:123456789012:files-index-failed" },
      },
    });
    expect(only(graph, "aws:lambda/function:Function", "files-index").inputs).toMatchObject({
      memorySize: 512,
      timeout: 20,
    });
  });

  test("are absent from a bucket that nobody listens to", async () => {
    expect(ofType(await deploy(), notificationType)).toEqual([]);
  });

  test("that come after the notification is described are refused, not lost", async () => {
    const made: Bucket[] = [];
    await deploy({}, (bucket) => {
      bucket.onCreated("scan", "in/", nothing);
      made.push(bucket);
    });

    const attempt = () => made[0]?.onCreated("late", "in/", nothing);

    expect(attempt).toThrow(TooLate);
    expect(attempt).toThrow(
      "files-late: onCreated() comes too late, the notification of files is described already",
    );
  });
});
