import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Handler } from "./closure/capture";
import type { QueueClient } from "./sdk/sqs";

/** Works off one message: what it throws for stays in the queue. */
export type MessageHandler = Handler<SQSRecord, unknown>;

/** Pauses before a retry double from this. */
const firstPauseSeconds = 2;

/**
 * A queue's handler that calls another for each message at once, and answers those that failed, so that they alone
 * come again. Without a pause of its own a failed message would stay hidden for the whole visibility timeout.
 */
export function eachMessage(
  queue: QueueClient,
  handler: MessageHandler,
): { readonly factory: () => (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> } {
  return {
    factory: () => {
      const work = typeof handler === "function" ? handler : handler.factory();
      const postpone = async ({ messageId, receiptHandle, attributes }: SQSRecord) => {
        const received = Number(attributes.ApproximateReceiveCount);
        try {
          await queue.ChangeMessageVisibility({
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: firstPauseSeconds * 2 ** (received - 1),
          });
        } catch (error) {
          // It comes again after the visibility timeout then.
          console.warn("the pause before a retry could not be set", { messageId, error });
        }
      };
      return async ({ Records }, context) => {
        const failures = await Promise.all(
          Records.map(async (record): Promise<SQSBatchItemFailure[]> => {
            try {
              await work(record, context);
              return [];
            } catch (error) {
              console.error("a message could not be processed", { messageId: record.messageId, error });
              await postpone(record);
              return [{ itemIdentifier: record.messageId }];
            }
          }),
        );
        return { batchItemFailures: failures.flat() };
      };
    },
  };
}
