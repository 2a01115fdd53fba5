import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { Http1KinesisClient } from "../../../local/aws/kinesis-client";
import { DynamoDBStream } from "../../../local/completions/dynamodb-stream";
import { KinesisStream } from "../../../local/completions/kinesis-stream";
import { Service, type Surroundings } from "../../../local/completions/service";
import { ServiceCallers } from "../../../local/completions/service-callers";
import type { StreamSource } from "../../../local/completions/stream-source";
import { type FakeEmulator, fakeEmulator } from "../front-door/fake-emulator";

/** How an invocation ends: an HTTP status, or what the function answers or throws. */
export type Ending = { readonly status: number } | { readonly answer: unknown } | { readonly error: string };

/** A record as a function gets it: of both services, of which one has filled its part. */
export interface FakeEvent {
  readonly dynamodb?: { readonly Keys: { readonly id: { readonly S: string } } };
  readonly kinesis?: { readonly data: string };
}

/** What is one service's own. */
export interface FakeService {
  readonly streamArn: string;
  readonly shardIds: readonly string[];
  source(emulatorAddress: string): StreamSource;
  /** As GetRecords answers it. */
  record(id: string, sequenceNumber: string, createdAt: number): object;
  idOf(event: FakeEvent): string;
}

const config = {
  region: "eu-west-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  forcePathStyle: true,
} as const;

export const dynamodb: FakeService = {
  streamArn: "arn:aws:dynamodb:eu-west-1:000000000000:table/photos/stream/1",
  shardIds: ["shardId-00000000000000000000-00000000"],
  source(endpoint) {
    return new DynamoDBStream(new DynamoDBStreamsClient({ ...config, endpoint }), this.streamArn);
  },
  record: (id, SequenceNumber, ApproximateCreationDateTime) => ({
    eventName: "INSERT",
    dynamodb: { Keys: { id: { S: id } }, SequenceNumber, ApproximateCreationDateTime },
  }),
  idOf: ({ dynamodb }) => dynamodb?.Keys.id.S ?? "",
};

export const roleArn = "arn:aws:iam::000000000000:role/count";

/** A stream of these many shards. */
export function kinesis(shards: number): FakeService {
  return {
    streamArn: "arn:aws:kinesis:eu-west-1:000000000000:stream/views",
    shardIds: Array.from({ length: shards }, (_, n) => `shardId-00000000000${n}`),
    source(endpoint) {
      return new KinesisStream(new Http1KinesisClient({ ...config, endpoint }), this.streamArn, roleArn);
    },
    record: (id, SequenceNumber, ApproximateArrivalTimestamp) => ({
      Data: Buffer.from(JSON.stringify({ id })).toString("base64"),
      PartitionKey: `key of ${id}`,
      SequenceNumber,
      ApproximateArrivalTimestamp,
    }),
    idOf: ({ kinesis }) => JSON.parse(Buffer.from(kinesis?.data ?? "", "base64").toString()).id,
  };
}

interface Failure {
  readonly requestContext: object;
  readonly DDBStreamBatchInfo?: Record<string, unknown>;
  readonly KinesisBatchInfo?: Record<string, unknown>;
}

/** An emulator with one stream and one function behind it, and a queue for failures. */
export class FakeStream {
  /** Shard → ids of its records; a record's sequence number is its place there, from 1. */
  readonly shards: Map<string, string[]>;
  /** When the records were written, seconds since 1970; 0: now. */
  createdAt = 0;
  /** Records of each invocation, as the function got them. */
  readonly events: FakeEvent[][] = [];
  readonly failures: Failure[] = [];
  /** Records that were given out. */
  delivered = 0;
  /** Times that records were asked for. */
  reads = 0;
  /** Shards that no more records come to. */
  readonly closed = new Set<string>();
  decide: (ids: readonly string[]) => Ending = () => ({ answer: null });
  #iterators = 0;
  /** Iterators up to this one no longer serve. */
  #expired = 0;
  #places = new Map<string, { readonly shardId: string; readonly place: number }>();

  private constructor(
    readonly emulator: FakeEmulator,
    readonly service: FakeService,
  ) {
    this.shards = new Map(service.shardIds.map((id) => [id, []]));
  }

  static async start(service: FakeService): Promise<FakeStream> {
    const answer: { fake?: FakeStream } = {};
    const emulator = await fakeEmulator(async (request, response) => {
      const {
        status = 200,
        headers = {},
        body,
      } = answer.fake?.answer(
        request.url ?? "",
        `${request.headers["x-amz-target"] ?? ""}`.split(".")[1] ?? "",
        await text(request),
      ) ?? { body: "" };
      response.writeHead(status, headers).end(body);
    });
    answer.fake = new FakeStream(emulator, service);
    return answer.fake;
  }

  get surroundings(): Surroundings {
    const { address } = this.emulator;
    return { region: "eu-west-1", account: "000000000000", endpoint: address, emulatorAddress: address };
  }

  get lambda(): Service {
    return new Service("lambda.amazonaws.com", this.surroundings, new ServiceCallers());
  }

  get source(): StreamSource {
    return this.service.source(this.emulator.address);
  }

  /** Ids of the records of the first shard. */
  get ids(): string[] {
    return [...this.shards.values()][0] ?? [];
  }

  /** Ids of the records of each invocation. */
  get invocations(): string[][] {
    return this.events.map((records) => records.map(this.service.idOf));
  }

  expireIterators(): void {
    this.#expired = this.#iterators;
  }

  answer(url: string, action: string, body: string): Answer {
    if (url.includes("/invocations")) return this.#invoked(JSON.parse(body));
    switch (action) {
      case "ListShards":
        return json({ Shards: [...this.shards.keys()].map((ShardId) => ({ ShardId })) });
      case "GetShardIterator":
        return json({ ShardIterator: this.#iteratorFor(JSON.parse(body)) });
      case "GetRecords":
        return this.#records(JSON.parse(body));
      case "SendMessage":
        return this.#sent(JSON.parse(body));
      default:
        return { body: session };
    }
  }

  #invoked({ Records }: { Records: FakeEvent[] }): Answer {
    this.events.push(Records);
    const ending = this.decide(Records.map(this.service.idOf));
    if ("status" in ending) return { ...json({ message: "refused" }), status: ending.status };
    return "error" in ending
      ? { headers: { "x-amz-function-error": ending.error }, body: "{}" }
      : { body: JSON.stringify(ending.answer) };
  }

  #sent({ MessageBody }: { MessageBody: string }): Answer {
    this.failures.push(JSON.parse(MessageBody));
    return json({ MessageId: "1", MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex") });
  }

  #iteratorFor({ ShardId: shardId = "", ShardIteratorType: type, ...after }: Record<string, string>): string {
    const { SequenceNumber = after.StartingSequenceNumber } = after;
    const end = this.shards.get(shardId)?.length ?? 0;
    const place = type === "LATEST" ? end : type === "TRIM_HORIZON" ? 0 : Number(SequenceNumber);
    return this.#iterator(shardId, place);
  }

  #iterator(shardId: string, place: number): string {
    const iterator = String(++this.#iterators);
    this.#places.set(iterator, { shardId, place });
    return iterator;
  }

  #records({ ShardIterator, Limit }: { ShardIterator: string; Limit: number }): Answer {
    this.reads += 1;
    if (Number(ShardIterator) <= this.#expired) {
      return { ...json({ __type: "ExpiredIteratorException" }), status: 400 };
    }
    const { shardId, place } = this.#places.get(ShardIterator) ?? { shardId: "", place: 0 };
    const all = this.shards.get(shardId) ?? [];
    const ids = all.slice(place, place + Limit);
    const next = place + ids.length;
    this.delivered += ids.length;
    const createdAt = this.createdAt || Date.now() / 1000;
    const Records = ids.map((id, i) => this.service.record(id, String(place + i + 1), createdAt));
    const isOver = this.closed.has(shardId) && next === all.length;
    return json({ Records, NextShardIterator: isOver ? undefined : this.#iterator(shardId, next) });
  }
}

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

function json(value: unknown): Answer {
  return { headers: { "content-type": "application/x-amz-json-1.0" }, body: JSON.stringify(value) };
}

const session =
  "<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>" +
  "<Expiration>2100-01-01T00:00:00Z</Expiration>";
