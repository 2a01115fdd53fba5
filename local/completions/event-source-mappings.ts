import { isDeepStrictEqual } from "node:util";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { Http1KinesisClient } from "../aws/kinesis-client";
import { connectCloud } from "../engine/cloud";
import type { Cloud, Resource } from "../engine/resource";
import type { Call } from "../front-door/call";
import type { Completion } from "./completion";
import { DynamoDBStream } from "./dynamodb-stream";
import { KinesisStream } from "./kinesis-stream";
import { completedMappings, type MappingSettings, type StreamSettings } from "./mapping-settings";
import { QueueClient } from "./queue-client";
import { QueueMapping } from "./queue-mapping";
import type { Positions, RunningMapping } from "./running-mapping";
import type { Service } from "./service";
import { StreamMapping } from "./stream-mapping";
import { StreamProgress } from "./stream-progress";
import type { StreamSource } from "./stream-source";

/** Runs the mappings from streams and queues to functions that the emulator has disabled. */
export class EventSourceMappings implements Completion {
  /** By UUID. */
  readonly #running = new Map<string, RunningMapping>();
  /** Changed or removed mappings whose last invocation is still under way. */
  readonly #ending = new Map<string, Promise<Positions | undefined>>();
  #wanted: ReadonlyMap<string, MappingSettings> = new Map();
  /** Looking for records is no call that anybody made: it goes past the front door and is not on record. */
  readonly #emulator: Cloud & { readonly endpoint: string };

  constructor(private readonly lambda: Service) {
    const { region, account, emulatorAddress: endpoint } = lambda.surroundings;
    this.#emulator = { ...connectCloud({ region, account, endpoint }), endpoint };
  }

  configure(resources: readonly Resource[]): void {
    this.#wanted = completedMappings(resources);
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

  heard(call: Call, status: number): void {
    if (status >= 300) return;
    for (const mapping of this.#running.values()) {
      mapping.heard?.(call);
    }
  }

  stop(): void {
    this.#wanted = new Map();
    for (const mapping of this.#running.values()) {
      void mapping.stop();
    }
    this.#running.clear();
  }

  #start(uuid: string, settings: MappingSettings, before?: Positions): void {
    this.#running.set(
      uuid,
      settings.kind === "sqs"
        ? new QueueMapping(settings, this.#queue(settings.sourceArn), this.lambda)
        : this.#streamMapping(uuid, settings, before),
    );
  }

  /** Begins anew where the mapping ended, if it is still wanted then. */
  async #succeed(uuid: string): Promise<void> {
    const before = await this.#ending.get(uuid);
    this.#ending.delete(uuid);
    const settings = this.#wanted.get(uuid);
    if (settings) {
      this.#start(uuid, settings, before);
    }
  }

  #queue(arn: string): QueueClient {
    const { endpoint, account } = this.#emulator;
    const name = arn.split(":")[5];
    return new QueueClient(this.#emulator.client(SQSClient), `${endpoint}/${account}/${name}`, arn);
  }

  #streamMapping(uuid: string, settings: StreamSettings, before: Positions | undefined): StreamMapping {
    const { region, account } = this.#emulator;
    const source = this.#stream(settings);
    const arn = `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}`;
    const progress = source.isKept ? new StreamProgress(this.#emulator.client(LambdaClient), arn) : undefined;
    return new StreamMapping(settings, source, this.lambda, before, progress);
  }

  #stream({ kind, sourceArn, roleArn }: StreamSettings): StreamSource {
    return kind === "kinesis"
      ? new KinesisStream(this.#emulator.client(Http1KinesisClient), sourceArn, roleArn)
      : new DynamoDBStream(this.#emulator.client(DynamoDBStreamsClient), sourceArn);
  }
}
