import { type QueueRecord, queueRecord } from "../../../local/completions/queue-record";

const arn = "arn:aws:sqs:eu-west-1:000000000000:views";

/** A queue in memory, as a mapping sees it. */
export class FakeQueue {
  readonly visible: string[] = [];
  readonly hidden = new Set<string>();
  readonly deleted: string[] = [];
  /** Receives to come that fail. */
  failures = 0;

  send(...bodies: string[]): void {
    this.visible.push(...bodies);
  }

  async receive(limit: number, waitSeconds: number): Promise<readonly QueueRecord[]> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error("the emulator is busy");
    }
    if (this.visible.length === 0 && waitSeconds > 0) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    // Fewer than asked for, as SQS answers, too.
    return this.visible.splice(0, Math.min(limit, 7)).map((id) => {
      this.hidden.add(id);
      return queueRecord({ MessageId: id, ReceiptHandle: `receipt of ${id}`, Body: id }, arn);
    });
  }

  async delete(records: readonly QueueRecord[]): Promise<void> {
    for (const { messageId } of records) {
      this.hidden.delete(messageId);
      this.deleted.push(messageId);
    }
  }

  async giveBack(records: readonly QueueRecord[]): Promise<void> {
    for (const { messageId } of records) {
      this.hidden.delete(messageId);
      this.visible.push(messageId);
    }
  }
}
