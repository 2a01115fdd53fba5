import * as sqs from "@aws-sdk/client-sqs";
import { type Bound, service } from "./bind";

interface QueueTarget {
  readonly QueueUrl: string;
}
type OnQueue<Input> = Omit<Input, "QueueUrl">;

const { method } = service(() => new sqs.SQSClient({}));

/**
 * SQS operations on a queue.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 */
export const queueMethods = {
  SendMessage: method(
    "sqs:SendMessage",
    (queue: QueueTarget, input: OnQueue<sqs.SendMessageCommandInput>) =>
      new sqs.SendMessageCommand({ ...input, ...queue }),
  ),
  ChangeMessageVisibilityBatch: method(
    "sqs:ChangeMessageVisibility",
    (queue: QueueTarget, input: OnQueue<sqs.ChangeMessageVisibilityBatchCommandInput>) =>
      new sqs.ChangeMessageVisibilityBatchCommand({ ...input, ...queue }),
  ),
};

/** The bound client of a queue. */
export type QueueClient = Bound<typeof queueMethods>;
