import type * as aws from "@pulumi/aws";
import { arnOf, Graph, type Node } from "../checks/graph";
import type { Resource } from "../engine/resource";
import type { FailurePolicy } from "./stream-batch";

type MappingInputs = Node<aws.lambda.EventSourceMappingArgs>["inputs"];
type Decisive = Pick<MappingInputs, "eventSourceArn" | "batchSize" | "maximumBatchingWindowInSeconds">;

/** A source → function mapping, as it is deployed. */
interface CommonSettings {
  readonly sourceArn: string;
  /** As the mapping has it: a name or ARN, with or without a version or alias. */
  readonly functionName: string;
  readonly batchSize: number;
  readonly maximumBatchingWindowInSeconds: number;
  /** A record must fit one of these; without any, all records are processed. */
  readonly filterPatterns: readonly string[];
  readonly reportsBatchItemFailures: boolean;
}

export interface StreamSettings extends CommonSettings, FailurePolicy {
  readonly kind: "dynamodb" | "kinesis";
  readonly functionArn: string;
  /** The function's, with which Lambda reads the stream. */
  readonly roleArn: string;
  readonly startingPosition: "LATEST" | "TRIM_HORIZON";
  /** Queue or topic that is told of what is given up. */
  readonly failureDestinationArn: string | undefined;
}

export interface QueueSettings extends CommonSettings {
  readonly kind: "sqs";
  readonly maximumConcurrency: number;
}

export type MappingSettings = StreamSettings | QueueSettings;

/** The emulator gives a function no more messages at once. */
const largestOwnBatch = 10;
/** As many as Lambda begins with. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const firstConcurrency = 5;

/**
 * The source of a mapping that completions run. The emulator has those of streams retry for ever, whatever they say;
 * those of queues it runs itself but for large batches and batching windows.
 */
export function completedKind(mapping: Decisive): MappingSettings["kind"] | undefined {
  const { eventSourceArn = "", batchSize = 0, maximumBatchingWindowInSeconds = 0 } = mapping;
  const [, , service] = eventSourceArn.split(":");
  if (service === "dynamodb" || service === "kinesis") return service;
  const isGathered = batchSize > largestOwnBatch || maximumBatchingWindowInSeconds > 0;
  return service === "sqs" && isGathered ? service : undefined;
}

/** The enabled mappings that completions run, by UUID, with AWS's defaults. */
export function completedMappings(resources: readonly Resource[]): ReadonlyMap<string, MappingSettings> {
  const graph = new Graph(resources);
  const mappings = graph.ofType<aws.lambda.EventSourceMappingArgs>(
    "aws:lambda/eventSourceMapping:EventSourceMapping",
  );
  return new Map(
    mappings.flatMap(({ id, inputs }) => {
      const settings = (inputs.enabled ?? true) && settingsOf(inputs, graph);
      return settings ? [[id, settings] as const] : [];
    }),
  );
}

function settingsOf(inputs: MappingInputs, graph: Graph): MappingSettings | undefined {
  const kind = completedKind(inputs);
  if (kind === undefined) return undefined;
  const { eventSourceArn: sourceArn = "", functionName = "" } = inputs;
  const common = {
    sourceArn,
    functionName,
    maximumBatchingWindowInSeconds: inputs.maximumBatchingWindowInSeconds ?? 0,
    filterPatterns: (inputs.filterCriteria?.filters ?? []).map(({ pattern = "{}" }) => pattern),
    reportsBatchItemFailures: inputs.functionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
  };
  if (kind === "sqs") {
    return {
      kind,
      ...common,
      batchSize: inputs.batchSize ?? 10,
      maximumConcurrency: inputs.scalingConfig?.maximumConcurrency ?? firstConcurrency,
    };
  }
  const fn = graph.findFunction(functionName);
  return {
    kind,
    ...common,
    functionArn: arnOf(fn) ?? functionName,
    roleArn: fn?.inputs.role ?? "",
    startingPosition: inputs.startingPosition === "TRIM_HORIZON" ? "TRIM_HORIZON" : "LATEST",
    batchSize: inputs.batchSize ?? 100,
    bisectBatchOnFunctionError: inputs.bisectBatchOnFunctionError ?? false,
    maximumRetryAttempts: inputs.maximumRetryAttempts ?? -1,
    maximumRecordAgeInSeconds: inputs.maximumRecordAgeInSeconds ?? -1,
    failureDestinationArn: inputs.destinationConfig?.onFailure?.destinationArn,
  };
}
