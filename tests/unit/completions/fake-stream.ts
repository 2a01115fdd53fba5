import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { Service, type Surroundings } from "../../../local/completions/service";
import { ServiceCallers } from "../../../local/completions/service-callers";
import { type FakeEmulator, fakeEmulator } from "../front-door/fake-emulator";

/** How an invocation ends: an HTTP status, or what the function answers or throws. */
export type Ending = { readonly status: number } | { readonly answer: unknown } | { readonly error: string };

/** An emulator with one stream and one function behind it, and a queue for failures. */
export class FakeStream {
  /** Ids of the records in the stream; a record's sequence number is its place, from 1. */
  readonly ids: string[] = [];
  /** When the records were written, seconds since 1970; 0: now. */
  createdAt = 0;
  /** Ids of the records of each invocation. */
  readonly invocations: string[][] = [];
  readonly failures: { requestContext: object; DDBStreamBatchInfo: Record<string, unknown> }[] = [];
  /** Records that were given out. */
  delivered = 0;
  /** Times that records were asked for. */
  reads = 0;
  decide: (ids: readonly string[]) => Ending = () => ({ answer: null });
  #iterators = 0;
  /** Iterators up to this one no longer serve. */
  #expired = 0;
  #places = new Map<string, number>();

  private constructor(readonly emulator: FakeEmulator) {}

  static async start(): Promise<FakeStream> {
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
    answer.fake = new FakeStream(emulator);
    return answer.fake;
  }

  get surroundings(): Surroundings {
    const { address } = this.emulator;
    return { region: "eu-west-1", account: "000000000000", endpoint: address, emulatorAddress: address };
  }

  get lambda(): Service {
    return new Service("lambda.amazonaws.com", this.surroundings, new ServiceCallers());
  }

  get client(): DynamoDBStreamsClient {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    return new DynamoDBStreamsClient({ endpoint: this.emulator.address, region: "eu-west-1", credentials });
  }

  expireIterators(): void {
    this.#expired = this.#iterators;
  }

  answer(url: string, action: string, body: string): Answer {
    if (url.includes("/invocations")) return this.#invoked(JSON.parse(body));
    switch (action) {
      case "GetShardIterator":
        return json({ ShardIterator: this.#iterator(this.#placeOf(JSON.parse(body))) });
      case "GetRecords":
        return this.#records(JSON.parse(body));
      case "SendMessage":
        return this.#sent(JSON.parse(body));
      default:
        return { body: session };
    }
  }

  #invoked({ Records }: { Records: { dynamodb: { Keys: { id: { S: string } } } }[] }): Answer {
    const ids = Records.map(({ dynamodb }) => dynamodb.Keys.id.S);
    this.invocations.push(ids);
    const ending = this.decide(ids);
    if ("status" in ending) return { ...json({ message: "refused" }), status: ending.status };
    return "error" in ending
      ? { headers: { "x-amz-function-error": ending.error }, body: "{}" }
      : { body: JSON.stringify(ending.answer) };
  }

  #sent({ MessageBody }: { MessageBody: string }): Answer {
    this.failures.push(JSON.parse(MessageBody));
    return json({ MessageId: "1", MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex") });
  }

  #placeOf({ ShardIteratorType: type, SequenceNumber }: Record<string, string>): number {
    return type === "LATEST" ? this.ids.length : type === "TRIM_HORIZON" ? 0 : Number(SequenceNumber);
  }

  #iterator(place: number): string {
    const iterator = String(++this.#iterators);
    this.#places.set(iterator, place);
    return iterator;
  }

  #records({ ShardIterator, Limit }: { ShardIterator: string; Limit: number }): Answer {
    this.reads += 1;
    if (Number(ShardIterator) <= this.#expired) {
      return { ...json({ __type: "ExpiredIteratorException" }), status: 400 };
    }
    const place = this.#places.get(ShardIterator) ?? 0;
    const ids = this.ids.slice(place, place + Limit);
    this.delivered += ids.length;
    const Records = ids.map((id, i) => ({
      eventName: "INSERT",
      dynamodb: {
        Keys: { id: { S: id } },
        SequenceNumber: String(place + i + 1),
        ApproximateCreationDateTime: this.createdAt || Date.now() / 1000,
      },
    }));
    return json({ Records, NextShardIterator: this.#iterator(place + ids.length) });
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
