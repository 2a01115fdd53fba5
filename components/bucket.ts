import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { S3Event } from "aws-lambda";
import { Additions } from "./additions";
import type { Handler } from "./closure/capture";
import type { DeadLetters } from "./dead-letters";
import { type AsynchronousOptions, type FunctionOptions, LambdaFunction } from "./function";
import { onlyByTls, policyDocument } from "./iam";
import { checkRange } from "./range";
import { bind } from "./sdk/bind";
import { type ObjectsClient, objectMethods } from "./sdk/s3";

export interface BucketArgs {
  /** Of the functions that objects invoke. */
  readonly deadLetters: DeadLetters;
  /** Prefix, such as `uploads/`, → days after which its objects are removed. @default none are */
  readonly expireDays?: Readonly<Record<string, number>>;
  /** Origins of web pages that may post forms to the bucket. @default none */
  readonly corsOrigins?: readonly string[];
  /** Keep the bucket, when it is to be deleted, as long as it holds objects. @default false */
  readonly deletionProtection?: boolean;
  /** For all functions of this bucket. */
  readonly functions?: FunctionOptions;
}

export interface OnCreatedOptions extends AsynchronousOptions {
  /** For this function alone, over the bucket's. */
  readonly function?: FunctionOptions;
}

interface Listener {
  readonly fn: LambdaFunction<S3Event, unknown>;
  readonly prefix: string;
  readonly permission: aws.lambda.Permission;
}

/** A private, encrypted bucket that takes TLS only. `objects(prefix)` is what callbacks call. */
export class Bucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly nodes: {
    readonly bucket: aws.s3.Bucket;
    readonly publicAccess: aws.s3.BucketPublicAccessBlock;
    notification?: aws.s3.BucketNotification;
  };
  private readonly listeners: Additions<Listener>;

  constructor(
    private readonly logicalName: string,
    private readonly args: BucketArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { expireDays = {}, corsOrigins = [], deletionProtection = false } = args;
    for (const [prefix, days] of Object.entries(expireDays)) {
      checkRange(logicalName, `expireDays["${prefix}"]`, days, 1);
    }
    super("gallery:storage:Bucket", logicalName, {}, opts);
    const parent = { parent: this };
    const bucket = new aws.s3.Bucket(logicalName, { forceDestroy: !deletionProtection }, parent);
    const publicAccess = new aws.s3.BucketPublicAccessBlock(
      `${logicalName}-public-access`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    createPolicy();
    createEncryption();
    createLifecycle();
    if (corsOrigins.length > 0) {
      createCors();
    }
    this.arn = bucket.arn;
    this.name = bucket.id;
    this.nodes = { bucket, publicAccess };
    this.listeners = new Additions(`the notification of ${logicalName}`);
    this.registerOutputs({ name: this.name, arn: this.arn });

    function createPolicy() {
      new aws.s3.BucketPolicy(
        `${logicalName}-policy`,
        {
          bucket: bucket.id,
          policy: policyDocument([onlyByTls("s3:*", bucket.arn, pulumi.interpolate`${bucket.arn}/*`)]),
        },
        { ...parent, dependsOn: [publicAccess] },
      );
    }

    function createEncryption() {
      new aws.s3.BucketServerSideEncryptionConfiguration(
        `${logicalName}-encryption`,
        {
          bucket: bucket.id,
          rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
        },
        parent,
      );
    }

    function createLifecycle() {
      new aws.s3.BucketLifecycleConfiguration(
        `${logicalName}-lifecycle`,
        {
          bucket: bucket.id,
          rules: [
            {
              id: "unfinished",
              status: "Enabled",
              filter: { prefix: "" },
              abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
            },
            ...Object.entries(expireDays).map(([prefix, days]) => ({
              id: `expire ${prefix}`,
              status: "Enabled",
              filter: { prefix },
              expiration: { days },
            })),
          ],
        },
        parent,
      );
    }

    function createCors() {
      new aws.s3.BucketCorsConfiguration(
        `${logicalName}-cors`,
        {
          bucket: bucket.id,
          corsRules: [{ allowedMethods: ["POST"], allowedOrigins: [...corsOrigins], maxAgeSeconds: 600 }],
        },
        parent,
      );
    }
  }

  /** The bound client of the objects below a prefix such as `uploads/`: its grants reach no further. */
  objects(prefix: string): ObjectsClient {
    return bind(objectMethods, {
      owner: `objects ${prefix} of bucket "${this.logicalName}"`,
      name: this.logicalName,
      arn: pulumi.interpolate`${this.arn}/${prefix}*`,
      target: { Bucket: this.name },
    });
  }

  /**
   * Calls the handler when an object is created below the prefix. S3 tells of each at least once, in any order. What
   * fails for good goes to the dead letters `<bucket>-<name>-failed`.
   */
  onCreated(
    name: string,
    prefix: string,
    handler: Handler<S3Event, unknown>,
    { function: own, ...asynchronous }: OnCreatedOptions = {},
  ): LambdaFunction<S3Event, unknown> {
    const fullName = `${this.logicalName}-${name}`;
    this.listeners.checkOpen(fullName, "onCreated");
    const parent = { parent: this };
    const deadLetters = this.args.deadLetters.path(fullName, [], parent);
    const fn = new LambdaFunction(
      fullName,
      { ...this.args.functions, ...own, handler, asynchronous: { ...asynchronous, deadLetters } },
      parent,
    );
    const permission = new aws.lambda.Permission(
      `${fullName}-permission`,
      {
        action: "lambda:InvokeFunction",
        function: fn.name,
        principal: "s3.amazonaws.com",
        sourceArn: this.arn,
        // A bucket's ARN names no account, and its name may one day be another's.
        sourceAccount: fn.arn.apply((arn) => `${arn.split(":")[4]}`),
      },
      parent,
    );
    this.listeners.add({ fn, prefix, permission });
    this.nodes.notification ??= this.createNotification();
    return fn;
  }

  /** A bucket has one notification, which names all its functions. */
  private createNotification(): aws.s3.BucketNotification {
    const known = this.listeners.all();
    const permissions: Promise<pulumi.Resource[]> = known.then((listeners) =>
      listeners.map(({ permission }) => permission),
    );
    return new aws.s3.BucketNotification(
      `${this.logicalName}-notification`,
      {
        bucket: this.name,
        lambdaFunctions: pulumi.output(
          known.then((listeners) =>
            listeners.map(({ fn, prefix }) => ({
              lambdaFunctionArn: fn.arn,
              events: ["s3:ObjectCreated:*"],
              filterPrefix: prefix,
            })),
          ),
        ),
      },
      // S3 asks the function for leave when it is given the notification.
      { parent: this, dependsOn: permissions },
    );
  }
}
