import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type QueueRecord, queueRecord } from "./queue-record";

/** SQS gives and takes no more messages in one call. */
const MOST_MESSAGES = 10;
/** Calls beside each other: the emulator works them off one by one, and shall never have to wait for the next. */
const PARALLEL_CALLS = 4;

/** One queue, as the mapping of its function uses it. */
export class QueueClient {
  constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
    private readonly queueArn: string,
  ) {}

  /**
   * Some messages, at most `limit`; none when there are none within the time.
   * @param waitSeconds whole; never broken off, since what arrives at the end would be hidden and nobody have it
   */
  async receive(limit: number, waitSeconds: number): Promise<readonly QueueRecord[]> {
    const calls = waitSeconds > 0 ? 1 : Math.min(PARALLEL_CALLS, Math.ceil(limit / MOST_MESSAGES));
    const received = await Promise.allSettled(
      Array.from({ length: calls }, (_, n) =>
        this.#receive(Math.min(MOST_MESSAGES, limit - n * MOST_MESSAGES), waitSeconds),
      ),
    );
    const records = received.flatMap((call) => (call.status === "fulfilled" ? call.value : []));
    // What one call has received is not lost because another failed.
    const failed = received.find((call) => call.status === "rejected");
    if (failed && records.length === 0) throw failed.reason;
    return records;
  }

  async #receive(MaxNumberOfMessages: number, WaitTimeSeconds: number): Promise<readonly QueueRecord[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.queueUrl,
        MaxNumberOfMessages,
        WaitTimeSeconds,
        AttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
    );
    return Messages.map((message) => queueRecord(message, this.queueArn));
  }

  async delete(records: readonly QueueRecord[]): Promise<void> {
    await this.#inTens(records, (Entries) =>
      this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.queueUrl, Entries })),
    );
  }

  /** Lets others have the messages at once. */
  async giveBack(records: readonly QueueRecord[]): Promise<void> {
    await this.#inTens(records, (entries) => {
      const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
      return this.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.queueUrl, Entries }));
    });
  }

  async #inTens(
    records: readonly QueueRecord[],
    call: (entries: { Id: string; ReceiptHandle: string }[]) => Promise<unknown>,
  ): Promise<void> {
    const entries = records.map(({ receiptHandle: ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
    const next = async (): Promise<void> => {
      while (entries.length > 0) {
        await call(entries.splice(0, MOST_MESSAGES));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_CALLS }, next));
  }
}
