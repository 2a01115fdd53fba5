import * as data from "@aws-sdk/client-rds-data";
import { service } from "./bind";
import { patiently } from "./sql/retry";
import type { Statement } from "./sql/statement";

interface DatabaseTarget {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
  /** How long a call waits for a database that is resuming or failing over. */
  readonly patienceSeconds: string;
}

/** What a statement did. */
export interface Executed {
  /** Rows that were inserted, changed or deleted. */
  readonly updated: number;
}

/** What can be done within a transaction. */
export interface SqlTransaction {
  /** Answers the rows of a SELECT, each an object by the names of its columns; of nothing else the Data API tells any. */
  Query<Row>(statement: Statement<Row>): Promise<Row[]>;
  Execute(statement: Statement): Promise<Executed>;
}

/** The bound client of a database. */
export interface SqlClient extends SqlTransaction {
  /** One statement with many sets of values, at most 1000, which all have their effect or none. */
  Batch(statements: readonly Statement[]): Promise<void>;
  /** All that the work does has its effect or, when it throws, nothing; at most 3 minutes between two statements. */
  Transaction<Result>(work: (transaction: SqlTransaction) => Promise<Result>): Promise<Result>;
}

/** @see https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_BatchExecuteStatement.html */
const largestBatch = 1000;

const { through } = service(() => new data.RDSDataClient({}));

const where = ({ resourceArn, secretArn, database }: DatabaseTarget) => ({
  resourceArn,
  secretArn,
  database,
});

async function query(
  client: data.RDSDataClient,
  target: DatabaseTarget,
  { text, parameters }: Statement,
  transactionId?: string,
): Promise<unknown[]> {
  const { formattedRecords } = await client.send(
    new data.ExecuteStatementCommand({
      ...where(target),
      sql: text,
      parameters,
      transactionId,
      formatRecordsAs: "JSON",
    }),
  );
  if (formattedRecords === undefined) {
    throw Object.assign(new Error("Only a SELECT answers rows; use Execute for what changes something."), {
      name: "NoQuery",
    });
  }
  return JSON.parse(formattedRecords);
}

async function execute(
  client: data.RDSDataClient,
  target: DatabaseTarget,
  { text, parameters }: Statement,
  transactionId?: string,
): Promise<Executed> {
  const { numberOfRecordsUpdated = 0 } = await client.send(
    new data.ExecuteStatementCommand({ ...where(target), sql: text, parameters, transactionId }),
  );
  return { updated: numberOfRecordsUpdated };
}

async function batch(
  client: data.RDSDataClient,
  target: DatabaseTarget,
  statements: readonly Statement[],
): Promise<void> {
  const [first] = statements;
  if (first === undefined) {
    return;
  }
  if (statements.length > largestBatch || statements.some(({ text }) => text !== first.text)) {
    throw Object.assign(
      new Error(`A batch is one statement with at most ${largestBatch} sets of values; send it in parts.`),
      { name: "InvalidBatch" },
    );
  }
  await client.send(
    new data.BatchExecuteStatementCommand({
      ...where(target),
      sql: first.text,
      parameterSets: statements.map(({ parameters }) => parameters),
    }),
  );
}

async function transaction<Result>(
  client: data.RDSDataClient,
  target: DatabaseTarget,
  work: (transaction: SqlTransaction) => Promise<Result>,
): Promise<Result> {
  const { resourceArn, secretArn } = target;
  const { transactionId = "" } = await client.send(new data.BeginTransactionCommand(where(target)));
  const within = { resourceArn, secretArn, transactionId };
  let result: Result;
  try {
    result = await work({
      Query: <Row>(statement: Statement<Row>) =>
        query(client, target, statement, transactionId) as Promise<Row[]>,
      Execute: (statement) => execute(client, target, statement, transactionId),
    });
  } catch (error) {
    // What is not rolled back now the Data API rolls back by itself: the first error is the one to tell.
    await client.send(new data.RollbackTransactionCommand(within)).catch(() => {});
    throw error;
  }
  try {
    await client.send(new data.CommitTransactionCommand(within));
  } catch (cause) {
    // Not to be repeated here: it may have been committed.
    throw Object.assign(new Error("Whether a transaction was committed is not known.", { cause }), {
      name: "CommitUnknown",
    });
  }
  return result;
}

const patient =
  <Input, Result>(
    work: (client: data.RDSDataClient, target: DatabaseTarget, input: Input) => Promise<Result>,
  ) =>
  (client: data.RDSDataClient, target: DatabaseTarget, input: Input): Promise<Result> =>
    patiently(Number(target.patienceSeconds), () => work(client, target, input));

/**
 * Operations on a PostgreSQL database through the RDS Data API. A database that is resuming or failing over is waited
 * for; an answer that was lost makes the SDK repeat a statement, so each is to have its effect once however often it runs.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrdsdataapi.html
 */
export const sqlMethods = {
  Query: through("rds-data:ExecuteStatement", patient(query)),
  Execute: through("rds-data:ExecuteStatement", patient(execute)),
  Batch: through("rds-data:BatchExecuteStatement", patient(batch)),
  Transaction: {
    ...through(
      "rds-data:BeginTransaction",
      patient((client, target: DatabaseTarget, work: (transaction: SqlTransaction) => Promise<unknown>) =>
        transaction(client, target, work),
      ),
    ),
    action: [
      "rds-data:BeginTransaction",
      "rds-data:CommitTransaction",
      "rds-data:ExecuteStatement",
      "rds-data:RollbackTransaction",
    ],
  },
};
