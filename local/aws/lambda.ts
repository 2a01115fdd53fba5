import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  paginateListVersionsByFunction,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import {
  type Cloud,
  type Inputs,
  type Place,
  type Properties,
  resource,
  type ServiceTable,
} from "../engine/resource";
import { packageOf } from "./archive";
import { createAnew, ifPresent, refuse } from "./faults";
import { invocation } from "./lambda-invocation";
import { type Fields, nameOf, pascal, request } from "./request";
import { retag } from "./tags";

type FunctionInputs = Inputs<aws.lambda.FunctionArgs>;

const type = "aws:lambda/function:Function";
const latest = "$LATEST";

/** The settings that CreateFunction and UpdateFunctionConfiguration both take. */
function configuration(inputs: FunctionInputs) {
  const { vpcConfig, snapStart, fileSystemConfig } = inputs;
  return {
    DeadLetterConfig: pascal(inputs.deadLetterConfig),
    Description: inputs.description,
    DurableConfig: pascal(inputs.durableConfig),
    Environment: inputs.environment && { Variables: inputs.environment.variables },
    EphemeralStorage: pascal(inputs.ephemeralStorage),
    FileSystemConfigs: fileSystemConfig && [pascal(fileSystemConfig)],
    Handler: inputs.handler,
    KMSKeyArn: inputs.kmsKeyArn,
    Layers: inputs.layers,
    LoggingConfig: pascal(inputs.loggingConfig),
    MemorySize: inputs.memorySize ?? 128,
    Role: inputs.role,
    Runtime: inputs.runtime,
    SnapStart: snapStart && { ApplyOn: snapStart.applyOn },
    Timeout: inputs.timeout ?? 3,
    TracingConfig: pascal(inputs.tracingConfig),
    VpcConfig: vpcConfig && {
      Ipv6AllowedForDualStack: vpcConfig.ipv6AllowedForDualStack,
      SecurityGroupIds: vpcConfig.securityGroupIds,
      SubnetIds: vpcConfig.subnetIds,
    },
  } satisfies Fields<UpdateFunctionConfigurationCommandInput>;
}

/** What UpdateFunctionConfiguration takes to undo a setting that is no longer given. */
const unset: Partial<ReturnType<typeof configuration>> = {
  DeadLetterConfig: { TargetArn: "" },
  Description: "",
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  FileSystemConfigs: [],
  KMSKeyArn: "",
  Layers: [],
  SnapStart: { ApplyOn: "None" },
  TracingConfig: { Mode: "PassThrough" },
  VpcConfig: { Ipv6AllowedForDualStack: undefined, SecurityGroupIds: [], SubnetIds: [] },
};

/** The settings that differ from `old`, those no longer given as AWS undoes them. */
function changes(inputs: FunctionInputs, old: FunctionInputs): Properties {
  const wanted: Properties = configuration(inputs);
  const had: Properties = configuration(old);
  const undo: Properties = {
    ...unset,
    LoggingConfig: { LogFormat: "Text", LogGroup: `/aws/lambda/${inputs.name}` },
  };
  const changed = Object.keys(wanted).filter((name) => !isDeepStrictEqual(wanted[name], had[name]));
  return Object.fromEntries(changed.map((name) => [name, wanted[name] ?? undo[name]]));
}

async function codeOf(inputs: FunctionInputs) {
  return {
    S3Bucket: inputs.s3Bucket,
    S3Key: inputs.s3Key,
    S3ObjectVersion: inputs.s3ObjectVersion,
    ZipFile: inputs.code && (await packageOf(inputs.code)),
  };
}

async function setConcurrency(
  FunctionName: string,
  reserved: number | undefined,
  cloud: Cloud,
): Promise<void> {
  const lambda = cloud.client(LambdaClient);
  // Below zero is the provider's word for no reservation.
  if (reserved === undefined || reserved < 0) {
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  } else {
    const ReservedConcurrentExecutions = reserved;
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
  }
}

function arnOf(name: string, { region, account }: Place): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

function invokeArn(arn: string, { region }: Place): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

/** Outputs that change with the code, not with each update; `version` is the published one, if any. */
function known(found: FunctionConfiguration, version: string | undefined, cloud: Cloud): Properties {
  const qualifiedArn = `${arnOf(found.FunctionName ?? "", cloud)}:${version ?? latest}`;
  return {
    codeSha256: found.CodeSha256,
    qualifiedArn,
    qualifiedInvokeArn: invokeArn(qualifiedArn, cloud),
    sourceCodeHash: found.CodeSha256,
    sourceCodeSize: found.CodeSize,
    version: version ?? latest,
  };
}

async function read(
  FunctionName: string,
  inputs: FunctionInputs,
  cloud: Cloud,
): Promise<Properties | undefined> {
  const lambda = cloud.client(LambdaClient);
  const found = await ifPresent(lambda.send(new GetFunctionConfigurationCommand({ FunctionName })));
  if (!found) return undefined;
  if (!inputs.publish) return known(found, undefined, cloud);
  let published: string | undefined;
  for await (const { Versions = [] } of paginateListVersionsByFunction(
    { client: lambda },
    { FunctionName },
  )) {
    published = Versions.at(-1)?.Version ?? published;
  }
  return known(found, published, cloud);
}

/** Uploads the code when it is not what the function already has; answers whether it did. */
async function updateCode(FunctionName: string, inputs: FunctionInputs, old: FunctionInputs, cloud: Cloud) {
  const lambda = cloud.client(LambdaClient);
  const code = await codeOf(inputs);
  const { CodeSha256 } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const hash = code.ZipFile && createHash("sha256").update(code.ZipFile).digest("base64");
  const settings = ["s3Bucket", "s3Key", "s3ObjectVersion", "architectures"] as const;
  const same = settings.every((name) => isDeepStrictEqual(inputs[name], old[name]));
  if (same && (hash === undefined || hash === CodeSha256)) return false;
  const Architectures = inputs.architectures ?? ["x86_64"];
  await lambda.send(new UpdateFunctionCodeCommand(request({ FunctionName, Architectures, ...code })));
  return true;
}

const lambdaFunction = resource<aws.lambda.FunctionArgs>({
  nameProperty: "name",
  replaceOn: ["name", "packageType"],
  outputs(id, inputs, place) {
    const arn = arnOf(id, place);
    return {
      arn,
      architectures: inputs.architectures ?? ["x86_64"],
      invokeArn: invokeArn(arn, place),
      memorySize: inputs.memorySize ?? 128,
      packageType: inputs.packageType ?? "Zip",
      qualifiedArn: `${arn}:${latest}`,
      qualifiedInvokeArn: invokeArn(`${arn}:${latest}`, place),
      timeout: inputs.timeout ?? 3,
      version: latest,
    };
  },
  async create(inputs, cloud) {
    refuse(type, inputs, ["imageUri", "imageConfig"], "It runs no containers: give the code as an archive.");
    const lambda = cloud.client(LambdaClient);
    const FunctionName = nameOf(inputs);
    const create = new CreateFunctionCommand(
      request({
        ...configuration(inputs),
        FunctionName,
        Architectures: inputs.architectures,
        Code: await codeOf(inputs),
        PackageType: inputs.packageType,
        Publish: inputs.publish,
        Tags: inputs.tags,
      }),
    );
    const made = await createAnew(
      () => lambda.send(create),
      () => lambda.send(new DeleteFunctionCommand({ FunctionName })),
    );
    if (inputs.reservedConcurrentExecutions !== undefined) {
      await setConcurrency(FunctionName, inputs.reservedConcurrentExecutions, cloud);
    }
    return { id: FunctionName, outputs: known(made, made.Version, cloud) };
  },
  read,
  async update(id, inputs, old, cloud) {
    const lambda = cloud.client(LambdaClient);
    const changed = changes(inputs, old);
    const configured = Object.keys(changed).length > 0;
    if (configured) {
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: id, ...changed }));
    }
    const uploaded = await updateCode(id, inputs, old, cloud);
    if (inputs.reservedConcurrentExecutions !== old.reservedConcurrentExecutions) {
      await setConcurrency(id, inputs.reservedConcurrentExecutions, cloud);
    }
    if (inputs.publish && (configured || uploaded || !old.publish)) {
      await lambda.send(new PublishVersionCommand({ FunctionName: id }));
    }
    const Resource = arnOf(id, cloud);
    await retag(inputs.tags, old.tags, {
      tag: (Tags) => lambda.send(new TagResourceCommand({ Resource, Tags })),
      untag: (TagKeys) => lambda.send(new UntagResourceCommand({ Resource, TagKeys })),
    });
    return read(id, inputs, cloud);
  },
  async delete(id, inputs, cloud) {
    if (inputs.skipDestroy) return;
    await ifPresent(cloud.client(LambdaClient).send(new DeleteFunctionCommand({ FunctionName: id })));
  },
});

export const lambda: ServiceTable = { ...invocation, [type]: lambdaFunction };
