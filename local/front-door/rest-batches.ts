import type { RestBackend, ServiceAnswer, ServiceCall } from "./rest-backend";

/** Limits of one SendMessageBatch, the second well below the megabyte that SQS takes. */
const MOST_MESSAGES = 10;
const MOST_BYTES = 262_144;
/** Batches of one queue under way at once: what comes meanwhile makes up the next ones. */
const AT_ONCE = 2;

interface Waiting {
  readonly text: string;
  readonly bytes: number;
  readonly resolve: (answer: ServiceAnswer) => void;
  readonly reject: (error: unknown) => void;
}

interface Line {
  readonly call: ServiceCall;
  readonly waiting: Waiting[];
  underWay: number;
}

interface BatchResult {
  readonly Successful?: readonly {
    readonly Id: string;
    readonly MessageId: string;
    readonly MD5OfMessageBody: string;
  }[];
  readonly Failed?: readonly { readonly Id: string; readonly Code: string; readonly SenderFault?: boolean }[];
}

/**
 * Sends messages of a flood to a queue by tens. Each request gets the answer of its own message; the emulator takes as
 * long for ten as for one.
 */
export class RestBatches {
  readonly #lines = new Map<string, Line>();

  constructor(private readonly backend: Pick<RestBackend, "call">) {}

  /** Sends what only says SendMessage and its body; undefined for any other call. */
  send(call: ServiceCall): Promise<ServiceAnswer> | undefined {
    const fields = new URLSearchParams(call.body);
    const text = fields.get("MessageBody");
    const isPlain = [...fields.keys()].sort().join() === "Action,MessageBody";
    if (call.address.service !== "sqs" || !isPlain || fields.get("Action") !== "SendMessage" || !text) {
      return undefined;
    }
    const key = `${call.role} ${call.address.region} ${call.address.path}`;
    const line = this.#lines.get(key) ?? { call, waiting: [], underWay: 0 };
    this.#lines.set(key, line);
    return new Promise((resolve, reject) => {
      line.waiting.push({ text, bytes: Buffer.byteLength(text), resolve, reject });
      this.#advance(line);
    });
  }

  #advance(line: Line): void {
    while (line.underWay < AT_ONCE && line.waiting.length > 0) {
      line.underWay += 1;
      void this.#sendBatch(line.call, take(line.waiting)).finally(() => {
        line.underWay -= 1;
        this.#advance(line);
      });
    }
  }

  async #sendBatch({ address, role }: ServiceCall, batch: readonly Waiting[]): Promise<void> {
    try {
      const answer = await this.backend.call({
        address: { ...address, operation: "SendMessageBatch", path: "/" },
        role,
        headers: { "content-type": "application/x-amz-json-1.0" },
        body: JSON.stringify({
          QueueUrl: `https://sqs.${address.region}.amazonaws.com${address.path}`,
          Entries: batch.map(({ text }, Id) => ({ Id: String(Id), MessageBody: text })),
        }),
      });
      const result: BatchResult = answer.status === 200 ? JSON.parse(answer.body) : {};
      for (const [index, { resolve }] of batch.entries()) {
        resolve(answer.status === 200 ? answerOf(String(index), result, answer) : answer);
      }
    } catch (error) {
      for (const { reject } of batch) {
        reject(error);
      }
    }
  }
}

/** The first messages that fit into one batch, and at least one. */
function take(waiting: Waiting[]): Waiting[] {
  let bytes = 0;
  const end = waiting.findIndex((message, index) => {
    bytes += message.bytes;
    return index === MOST_MESSAGES || (index > 0 && bytes > MOST_BYTES);
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

/** What SQS would have said to this message alone, as API Gateway gets it: in JSON. */
function answerOf(
  id: string,
  { Successful = [], Failed = [] }: BatchResult,
  { headers }: ServiceAnswer,
): ServiceAnswer {
  const sent = Successful.find(({ Id }) => Id === id);
  if (sent) {
    const { MessageId, MD5OfMessageBody } = sent;
    const body = JSON.stringify({
      SendMessageResponse: { SendMessageResult: { MessageId, MD5OfMessageBody } },
    });
    return { status: 200, headers, body };
  }
  const failed = Failed.find(({ Id }) => Id === id);
  return {
    status: failed?.SenderFault ? 400 : 500,
    headers,
    body: JSON.stringify({ Error: { Code: failed?.Code ?? "InternalError" } }),
  };
}
