import type { Context } from "aws-lambda";
import { DeadLetters } from "../../../../components/dead-letters";
import { LambdaFunction } from "../../../../components/function";
import { Queue } from "../../../../components/queue";
import { Stream } from "../../../../components/stream";
import { Table } from "../../../../components/table";

const deadLetters = new DeadLetters("failures");
/** What each invocation has done. */
const done = new Table("done", { attributes: { id: "S" }, key: { partition: "id" } });

async function note(source: string, ids: readonly string[], { awsRequestId }: Context): Promise<void> {
  const Item = { id: { S: awsRequestId }, source: { S: source }, ids: { L: ids.map((S) => ({ S })) } };
  await done.sdk.PutItem({ Item });
}

const views = new Stream("views");

views.onRecords(
  "count",
  async ({ Records }, context) => {
    const ids = Records.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, "base64").toString()).id);
    const poison = Records[ids.indexOf("poison")];
    await note("views", poison ? ids.slice(0, ids.indexOf("poison")) : ids, context);
    const batchItemFailures = poison ? [{ itemIdentifier: poison.kinesis.sequenceNumber }] : [];
    return { batchItemFailures };
  },
  { deadLetters, filters: [{ data: { kind: ["view"] } }], retries: 1, maximumBatchingWindowSeconds: 1 },
);

/** Puts records of these ids, each under a partition key of its own. */
const writer = new LambdaFunction("writer", {
  handler: async (records: { id: string; kind: string }[]) => {
    const Records = records.map((record) => ({
      Data: Buffer.from(JSON.stringify(record)),
      PartitionKey: record.id,
    }));
    const { FailedRecordCount } = await views.sdk.PutRecords({ Records });
    return FailedRecordCount;
  },
});

const jobs = new Queue("jobs", {
  deadLetters,
  batchSize: 400,
  maximumBatchingWindowSeconds: 1,
  maximumConcurrency: 2,
  retries: 1,
  handler: {
    batch: async (records, context) => {
      const failed = records.filter(
        ({ body, attributes }) =>
          body.startsWith("poison") ||
          (body.startsWith("flaky") && attributes.ApproximateReceiveCount === "1"),
      );
      await note(
        "jobs",
        records.filter((record) => !failed.includes(record)).map(({ body }) => body),
        context,
      );
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    },
  },
});

export const doneTable = done.name;
export const writerName = writer.name;
export const streamArn = views.arn;
export const jobsUrl = jobs.nodes.queue.url;
