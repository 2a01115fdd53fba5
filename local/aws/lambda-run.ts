import { createHash } from "node:crypto";
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandOutput,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { type Inputs, resource, type ServiceTable } from "../engine/resource";
import { ifPresent, refuse } from "./faults";

type RunInputs = Inputs<aws.lambda.InvocationArgs>;

const type = "aws:lambda/invocation:Invocation";

/** A function that had to run for a deployment has failed. */
export class InvocationFailed extends Error {
  constructor(functionName: string, { FunctionError, Payload, LogResult }: InvokeCommandOutput) {
    const { errorType = FunctionError, errorMessage = "" } = failureOf(Payload?.transformToString());
    const log = Buffer.from(LogResult ?? "", "base64")
      .toString()
      .trim();
    super(
      `${functionName} answered ${errorType}: ${errorMessage}\n` +
        (log ? `The end of its log:\n${log}` : "It wrote no log."),
    );
    this.name = "InvocationFailed";
  }
}

function failureOf(payload = "{}"): { readonly errorType?: string; readonly errorMessage?: string } {
  try {
    return JSON.parse(payload) ?? {};
  } catch {
    return { errorMessage: payload };
  }
}

/** Unlike the provider's, it differs for what is invoked for different reasons with the same result. */
function idOf({ functionName, qualifier = "$LATEST", input, triggers }: RunInputs): string {
  const reason = createHash("md5")
    .update(JSON.stringify([input, triggers]))
    .digest("hex");
  return [functionName, qualifier, reason].join(",");
}

// What has run cannot be changed, so every change invokes anew, as on AWS.
const run = resource<aws.lambda.InvocationArgs>({
  outputs: (_id, inputs) => ({
    lifecycleScope: inputs.lifecycleScope ?? "CREATE_ONLY",
    qualifier: inputs.qualifier ?? "$LATEST",
  }),
  async create(inputs, cloud) {
    if (inputs.lifecycleScope !== "CREATE_ONLY") {
      refuse(type, inputs, ["lifecycleScope"], "It invokes once: leave it out, or set it to CREATE_ONLY.");
    }
    refuse(type, inputs, ["tenantId"], "Its functions serve all tenants alike: leave it out.");
    const invoke = new InvokeCommand({
      FunctionName: inputs.functionName,
      Qualifier: inputs.qualifier,
      Payload: inputs.input,
      LogType: "Tail",
    });
    const answer = await cloud.client(LambdaClient).send(invoke);
    if (answer.FunctionError !== undefined) throw new InvocationFailed(inputs.functionName, answer);
    return { id: idOf(inputs), outputs: { result: answer.Payload?.transformToString() ?? "" } };
  },
  // With the function, what it did is taken to be gone as well.
  async read(_id, { functionName: FunctionName, qualifier: Qualifier }, cloud) {
    const get = new GetFunctionConfigurationCommand({ FunctionName, Qualifier });
    return (await ifPresent(cloud.client(LambdaClient).send(get))) && {};
  },
  async delete() {},
});

/** Functions that a deployment itself invokes. */
export const lambdaRun: ServiceTable = { [type]: run };
