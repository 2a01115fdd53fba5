import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Handler } from "./closure/capture";
import type { QueueClient } from "./sdk/sqs";

/** Works off one message: what it throws for stays in the queue. */
export type MessageHandler = Handler<SQSRecord, unknown>;

/**
 * Works off the messages of one invocation together, and answers those that failed; nothing means none. What it
 * throws for has failed as a whole. A message that makes it throw whenever it comes takes its whole batch to the dead
 * letters in the end, so a handler should throw only where no message can be done, such as when its database is away.
 */
export type BatchHandler = Handler<readonly SQSRecord[], SQSBatchResponse | undefined>;

/** What works off a queue: message by message, or the batch of an invocation at once. */
export type QueueHandler = MessageHandler | { readonly batch: BatchHandler };

/** Works off the messages of an invocation and answers those that failed. */
type Work = (records: readonly SQSRecord[], context: Context) => Promise<readonly SQSRecord[]>;

/** A handler answered for messages that it was not given. A class of errors would be bundled with each queue's function. */
const unknownMessages = (messageIds: readonly string[]): Error =>
  Object.assign(
    new Error(
      `The handler answered that ${messageIds.join(", ")} failed, which are not of the batch; ` +
        "give the messageId of its messages as itemIdentifier",
    ),
    { name: "UnknownMessages" },
  );

/** Pauses before a retry double from the first to the longest. */
const firstPauseSeconds = 2;
const longestPauseSeconds = 900;
/** SQS takes no more entries in one call. */
const batchEntries = 10;

/**
 * The function of a queue. It answers the messages that failed, so that they alone come again. Without a pause of its
 * own a failed message would stay hidden for the whole visibility timeout.
 */
export function queueHandler(
  queue: QueueClient,
  handler: QueueHandler,
): { readonly factory: () => (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> } {
  const makeWork = "batch" in handler ? wholeBatch(handler.batch) : eachMessage(handler);
  return {
    factory: () => {
      const work = makeWork();
      const postpone = async (records: readonly SQSRecord[]) => {
        try {
          const { Failed = [] } = await queue.ChangeMessageVisibilityBatch({
            Entries: records.map(({ receiptHandle, attributes }, place) => ({
              Id: String(place),
              ReceiptHandle: receiptHandle,
              VisibilityTimeout: Math.min(
                firstPauseSeconds * 2 ** (Number(attributes.ApproximateReceiveCount) - 1),
                longestPauseSeconds,
              ),
            })),
          });
          for (const { Id, Message } of Failed) {
            const messageId = records[Number(Id)]?.messageId;
            console.warn("the pause before a retry could not be set", { messageId, error: Message });
          }
        } catch (error) {
          // They come again after the visibility timeout then.
          const messageIds = records.map(({ messageId }) => messageId);
          console.warn("the pauses before retries could not be set", { messageIds, error });
        }
      };
      return async ({ Records }, context) => {
        const failed = await work(Records, context);
        const calls = Array.from({ length: Math.ceil(failed.length / batchEntries) }, (_, n) =>
          postpone(failed.slice(n * batchEntries, (n + 1) * batchEntries)),
        );
        await Promise.all(calls);
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      };
    },
  };
}

/** All messages at once, each on its own. */
function eachMessage(handler: MessageHandler): () => Work {
  return () => {
    const work = typeof handler === "function" ? handler : handler.factory();
    return async (records, context) => {
      const failed = await Promise.all(
        records.map(async (record) => {
          try {
            await work(record, context);
            return [];
          } catch (error) {
            console.error("a message could not be processed", { messageId: record.messageId, error });
            return [record];
          }
        }),
      );
      return failed.flat();
    };
  };
}

function wholeBatch(handler: BatchHandler): () => Work {
  return () => {
    const work = typeof handler === "function" ? handler : handler.factory();
    return async (records, context) => {
      try {
        const { batchItemFailures = [] } = (await work(records, context)) ?? {};
        const ids = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        const failed = records.filter(({ messageId }) => ids.delete(messageId));
        if (ids.size > 0) {
          throw unknownMessages([...ids]);
        }
        return failed;
      } catch (error) {
        console.error("a batch could not be processed", { messages: records.length, error });
        return records;
      }
    };
  };
}
