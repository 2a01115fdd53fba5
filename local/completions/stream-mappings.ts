import { isDeepStrictEqual } from "node:util";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type * as aws from "@pulumi/aws";
import { arnOf, Graph } from "../checks/graph";
import { connectCloud } from "../engine/cloud";
import type { Resource } from "../engine/resource";
import type { Call } from "../front-door/call";
import type { Completion } from "./completion";
import type { Service } from "./service";
import { type MappingSettings, StreamMapping } from "./stream-mapping";
import type { Position } from "./stream-reader";

/** What reads a table leaves no record in its stream. */
const READS = /^dynamodb:(BatchGet|Describe|Get|List|Query|Scan)/;

/** Runs the mappings from DynamoDB streams to functions; the emulator has them disabled. */
export class StreamMappings implements Completion {
  /** By UUID. */
  readonly #running = new Map<string, StreamMapping>();
  /** Changed or removed mappings whose last invocation is still under way. */
  readonly #ending = new Map<string, Promise<Position>>();
  #wanted: ReadonlyMap<string, MappingSettings> = new Map();
  readonly #streams: DynamoDBStreamsClient;

  constructor(private readonly lambda: Service) {
    const { region, account, emulatorAddress } = lambda.surroundings;
    // Looking for records is no call that anybody made: it goes past the front door and is not on record.
    this.#streams = connectCloud({ region, account, endpoint: emulatorAddress }).client(
      DynamoDBStreamsClient,
    );
  }

  configure(resources: readonly Resource[]): void {
    this.#wanted = streamMappings(resources);
    for (const [uuid, mapping] of this.#running) {
      if (!isDeepStrictEqual(mapping.settings, this.#wanted.get(uuid))) {
        this.#running.delete(uuid);
        this.#ending.set(uuid, mapping.stop());
        void this.#succeed(uuid);
      }
    }
    for (const [uuid, settings] of this.#wanted) {
      if (!this.#running.has(uuid) && !this.#ending.has(uuid)) {
        this.#start(uuid, settings);
      }
    }
  }

  heard({ service, action, resource, further }: Call, status: number): void {
    if (service !== "dynamodb" || status >= 300 || READS.test(action)) return;
    const written = [resource, ...further.map((ask) => ask.resource)];
    for (const mapping of this.#running.values()) {
      if (written.some((arn) => arn === "*" || mapping.settings.streamArn.startsWith(`${arn}/`))) {
        mapping.wake();
      }
    }
  }

  stop(): void {
    this.#wanted = new Map();
    for (const mapping of this.#running.values()) {
      void mapping.stop();
    }
    this.#running.clear();
    this.#streams.destroy();
  }

  #start(uuid: string, settings: MappingSettings, position?: Position): void {
    this.#running.set(uuid, new StreamMapping(settings, this.lambda, this.#streams, position));
  }

  /** Begins anew where the mapping ended, if it is still wanted then. */
  async #succeed(uuid: string): Promise<void> {
    const position = await this.#ending.get(uuid);
    this.#ending.delete(uuid);
    const settings = this.#wanted.get(uuid);
    if (settings) {
      this.#start(uuid, settings, position);
    }
  }
}

/** The enabled mappings of DynamoDB streams, with AWS's defaults. */
export function streamMappings(resources: readonly Resource[]): ReadonlyMap<string, MappingSettings> {
  const graph = new Graph(resources);
  const mappings = graph.ofType<aws.lambda.EventSourceMappingArgs>(
    "aws:lambda/eventSourceMapping:EventSourceMapping",
  );
  return new Map(
    mappings.flatMap(({ id, inputs }) => {
      const { eventSourceArn, functionName = "", enabled = true } = inputs;
      if (eventSourceArn === undefined || !isStream(eventSourceArn) || !enabled) return [];
      const settings: MappingSettings = {
        streamArn: eventSourceArn,
        functionName,
        functionArn: arnOf(graph.findFunction(functionName)) ?? functionName,
        startingPosition: inputs.startingPosition === "TRIM_HORIZON" ? "TRIM_HORIZON" : "LATEST",
        batchSize: inputs.batchSize ?? 100,
        maximumBatchingWindowInSeconds: inputs.maximumBatchingWindowInSeconds ?? 0,
        filterPatterns: (inputs.filterCriteria?.filters ?? []).map(({ pattern = "{}" }) => pattern),
        reportsBatchItemFailures: inputs.functionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
        bisectBatchOnFunctionError: inputs.bisectBatchOnFunctionError ?? false,
        maximumRetryAttempts: inputs.maximumRetryAttempts ?? -1,
        maximumRecordAgeInSeconds: inputs.maximumRecordAgeInSeconds ?? -1,
        failureDestinationArn: inputs.destinationConfig?.onFailure?.destinationArn,
      };
      return [[id, settings] as const];
    }),
  );
}

/** Whether it is a DynamoDB stream, whose mappings completions run. */
function isStream(eventSourceArn: string): boolean {
  return /^arn:[^:]+:dynamodb:/.test(eventSourceArn);
}
