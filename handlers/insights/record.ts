import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import type { SqlClient } from "../../components/sdk/rds-data";
import { json, sql } from "../../components/sdk/sql/statement";
import { dayOf, storedViewSchema, type View } from "./view";

/**
 * Writes views to the database, a whole batch by one statement; a view that is there already stays as it is. Answers the
 * messages that are no views. When the database cannot be had, all come again.
 */
export const record = (database: SqlClient) => ({
  factory: () => {
    const schema = storedViewSchema();
    const viewOf = ({ messageId, body }: SQSRecord): View | undefined => {
      try {
        const { receivedAt, body: view } = schema.parse(JSON.parse(body));
        return { id: view.id ?? messageId, photo: view.photo, day: dayOf(receivedAt) };
      } catch (error) {
        console.error("a message is no view", { messageId, error });
        return undefined;
      }
    };
    return async (messages: readonly SQSRecord[]): Promise<SQSBatchResponse> => {
      const read = messages.map((message) => ({ message, view: viewOf(message) }));
      const views = read.flatMap(({ view }) => view ?? []);
      if (views.length > 0) {
        await database.Execute(sql`
          INSERT INTO views (id, photo, day)
          SELECT id, photo, day FROM json_to_recordset(${json(views)}) AS view(id uuid, photo uuid, day date)
          ON CONFLICT (id) DO NOTHING`);
      }
      return {
        batchItemFailures: read.flatMap(({ message, view }) =>
          view ? [] : [{ itemIdentifier: message.messageId }],
        ),
      };
    };
  },
});
