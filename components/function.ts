import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Artefact, build } from "./closure/artefact";
import type { Handler } from "./closure/capture";
import type { DeadLetterPath } from "./dead-letters";
import { environmentOf } from "./environment";
import { policyDocument, type Statement, statementsOf, trust } from "./iam";
import { attachmentOf } from "./network/attachment";
import { noteFunction } from "./network/functions";
import { checkRange } from "./range";

/** How a function runs. Blocks that make functions take these as defaults for all of theirs. */
export interface FunctionOptions {
  /** @default 256 */
  readonly memoryMb?: number;
  /** At most 900. @default 10 */
  readonly timeoutSeconds?: number;
  /** @default 14 */
  readonly logRetentionDays?: number;
}

/** What becomes of an asynchronous invocation that fails. */
export interface AsynchronousOptions {
  /** Retries after the first attempt, 0–2. @default 2 */
  readonly retries?: number;
  /** How long an event may wait for its turn, 60–21600. @default 3600 */
  readonly maximumEventAgeSeconds?: number;
}

export interface LambdaFunctionArgs<Event, Result> extends FunctionOptions {
  readonly handler: Handler<Event, Result>;
  readonly description?: string;
  /** Names and values that the callback reads from `process.env`; bound clients bring their own. */
  readonly environment?: Record<string, pulumi.Input<string>>;
  /** For a function that events invoke: retries, then its dead letters. */
  readonly asynchronous?: AsynchronousOptions & { readonly deadLetters: DeadLetterPath };
  /** What the service that invokes the function does in its name, such as reading a stream. */
  readonly statements?: readonly Statement[];
  /** The last word on the arguments of the underlying resources. */
  readonly transform?: {
    readonly function?: (args: aws.lambda.FunctionArgs) => aws.lambda.FunctionArgs;
    readonly role?: (args: aws.iam.RoleArgs) => aws.iam.RoleArgs;
  };
}

/**
 * A Lambda function from an inline callback: one bundled file, beside which a library that reads files of its own has
 * those, one role of its own, one inline policy that allows what the callback calls on bound clients and nothing else.
 * It is in a network exactly when the callback uses a server there.
 */
export class LambdaFunction<Event = never, Result = unknown> extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly nodes: {
    readonly function: aws.lambda.Function;
    readonly role: aws.iam.Role;
    readonly policy: aws.iam.RolePolicy;
    readonly logGroup: aws.cloudwatch.LogGroup;
  };

  constructor(name: string, args: LambdaFunctionArgs<Event, Result>, opts?: pulumi.ComponentResourceOptions) {
    const { memoryMb = 256, timeoutSeconds = 10, logRetentionDays = 14, asynchronous, transform } = args;
    checkRange(name, "timeoutSeconds", timeoutSeconds, 1, 900);
    checkRange(name, "memoryMb", memoryMb, 128, 10_240);
    if (asynchronous) {
      checkAsynchronous(name, asynchronous);
    }
    // Now for the names that are known, so that a bad one fails before any resource is made.
    environmentOf(name, [], args.environment);
    super("gallery:compute:Function", name, {}, opts);
    const parent = { parent: this };
    // Apart, so that a preview knows the code though it knows no ARN of what is granted.
    const built = build(name, args.handler);
    noteFunction(name, built);
    const grants = pulumi.output(built.then(({ grants }) => grants.map(({ allows }) => ({ allows }))));
    const attachment = built.then(({ grants }) => attachmentOf(name, grants));
    const variables = pulumi.output(
      built.then((artefact) => environmentOf(name, artefact.grants, args.environment)),
    );

    const logGroup = createLogGroup();
    const role = createRole();
    const policy = createPolicy();
    const fn = createFunction();
    if (asynchronous) {
      createInvokeConfig(asynchronous);
    }

    this.arn = fn.arn;
    this.name = fn.name;
    this.nodes = { function: fn, role, policy, logGroup };
    this.registerOutputs({ arn: this.arn });

    function createLogGroup() {
      return new aws.cloudwatch.LogGroup(
        `${name}-logs`,
        { name: `/${pulumi.getProject()}/${pulumi.getStack()}/${name}`, retentionInDays: logRetentionDays },
        parent,
      );
    }

    function createRole() {
      const roleArgs: aws.iam.RoleArgs = { assumeRolePolicy: trust("lambda.amazonaws.com") };
      return new aws.iam.Role(`${name}-role`, transform?.role?.(roleArgs) ?? roleArgs, parent);
    }

    function createPolicy() {
      const own: Statement[] = [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: pulumi.interpolate`${logGroup.arn}:*`,
        },
        // X-Ray has no resource-level permissions for these.
        { Effect: "Allow", Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], Resource: "*" },
      ];
      const invoker = [
        ...(asynchronous ? [asynchronous.deadLetters.publishStatement] : []),
        ...(args.statements ?? []),
      ];
      return new aws.iam.RolePolicy(
        `${name}-policy`,
        {
          role: role.name,
          policy: policyDocument(
            pulumi
              .all([grants, pulumi.output(attachment.then((attached) => attached?.statements ?? []))])
              .apply(([granted, attaching]) => [...own, ...invoker, ...statementsOf(granted), ...attaching]),
          ),
        },
        parent,
      );
    }

    function createFunction() {
      const functionArgs: aws.lambda.FunctionArgs = {
        description: args.description,
        role: role.arn,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        handler: "index.handler",
        code: built.then(archiveOf),
        memorySize: memoryMb,
        timeout: timeoutSeconds,
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        environment: variables.apply((known) =>
          Object.keys(known).length === 0 ? undefined : { variables: known },
        ),
        vpcConfig: pulumi.output(attachment.then((attached) => attached?.vpcConfig)),
      };
      return new aws.lambda.Function(name, transform?.function?.(functionArgs) ?? functionArgs, {
        ...parent,
        // The first call must find its rights in place.
        dependsOn: [policy],
      });
    }

    function createInvokeConfig({
      retries = 2,
      maximumEventAgeSeconds = 3600,
      deadLetters,
    }: NonNullable<typeof asynchronous>) {
      return new aws.lambda.FunctionEventInvokeConfig(
        `${name}-invoke`,
        {
          functionName: fn.name,
          maximumRetryAttempts: retries,
          maximumEventAgeInSeconds: maximumEventAgeSeconds,
          destinationConfig: { onFailure: { destination: deadLetters.topicArn } },
        },
        parent,
      );
    }
  }
}

function archiveOf({ code, files }: Artefact): pulumi.asset.AssetArchive {
  const beside = Object.entries(files).map(([name, file]) => [name, new pulumi.asset.FileAsset(file)]);
  return new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset(code),
    ...Object.fromEntries(beside),
  });
}

/** Refuses what AWS does not take; `name` is the resource's. */
export function checkAsynchronous(
  name: string,
  { retries = 2, maximumEventAgeSeconds = 3600 }: AsynchronousOptions,
): void {
  checkRange(name, "retries", retries, 0, 2);
  checkRange(name, "maximumEventAgeSeconds", maximumEventAgeSeconds, 60, 21_600);
}
