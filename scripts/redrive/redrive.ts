import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import type { Cloud } from "./cloud";
import { putBack } from "./put-back";

/** What became of the messages of a dead-letter queue. */
export interface Redriven {
  /** Are back where they failed, and out of the queue. */
  readonly redriven: number;
  /** Could not be put back, and are in the queue as before. */
  readonly kept: number;
  /** Were not touched: above the limit, or came meanwhile. */
  readonly left: number;
}

/** Long enough to put a batch back, and the longest time that one which could not be stays hidden. */
const visibilitySeconds = 60;

/**
 * Puts messages back one by one; each leaves the queue once it has arrived, so that a redrive that is killed loses none,
 * and may put one back twice. One that fails again meanwhile comes back to the queue later and is not taken again.
 */
export async function redrive(
  cloud: Cloud,
  QueueUrl: string,
  limit: number,
  tell: (problem: string) => void,
): Promise<Redriven> {
  const startedAt = Date.now();
  let redriven = 0;
  let kept = 0;
  const untouched = new Set<string>();
  const seen = new Set<string>();
  const isNew = ({ MessageId = "", Attributes }: Message) =>
    !seen.has(MessageId) && Number(Attributes?.SentTimestamp) <= startedAt;

  while (redriven + kept < limit) {
    const { Messages = [] } = await cloud.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(10, limit - redriven - kept),
        VisibilityTimeout: visibilitySeconds,
        // A long poll asks all of SQS's servers: an empty answer means that the queue is.
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) {
      break;
    }
    for (const message of Messages) {
      const { ReceiptHandle, MessageId = "" } = message;
      if (!isNew(message)) {
        untouched.add(`${ReceiptHandle}`);
        continue;
      }
      seen.add(MessageId);
      try {
        await putBack(cloud, message);
        await cloud.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        redriven += 1;
      } catch (error) {
        tell(`message ${MessageId}: ${error instanceof Error ? error.message : error}`);
        untouched.add(`${ReceiptHandle}`);
        kept += 1;
      }
    }
  }
  await Promise.all(
    [...untouched].map((ReceiptHandle) =>
      cloud.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
    ),
  );
  return { redriven, kept, left: (await depth(cloud, QueueUrl)) - kept };
}

async function depth({ sqs }: Cloud, QueueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
}
