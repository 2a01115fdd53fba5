import { type Cluster, type Description, databaseOf, opened } from "./cluster";
import { metadataOf, typed } from "./columns";
import { Failure } from "./failure";
import { fieldOf, jsonOf } from "./field";
import { boundValue, type Value } from "./parameter";
import { positional } from "./placeholders";
import { type Operation, parseRequest, type Request, type SqlParameter, type Target } from "./request";
import type { Session, Sessions } from "./sessions";
import { type Result, updatedBy } from "./statement";
import type { Transactions } from "./transactions";

/** A cluster's database at work. */
export interface Database {
  readonly sessions: Sessions;
  readonly transactions: Transactions;
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html */
export class DataApi {
  /** @param database starts it if need be. */
  constructor(private readonly database: (cluster: Cluster) => Database) {}

  /**
   * Does what a call asks for; answers what the SDK is to have.
   * @param description of the call's cluster and secret, by the emulator.
   * @throws Failure, and what {@link failureOf} makes one of.
   */
  async answer(operation: Operation, body: string, description: Description): Promise<object> {
    switch (operation) {
      case "ExecuteStatement":
        return this.#execute(parseRequest(operation, body), description);
      case "BatchExecuteStatement":
        return this.#batch(parseRequest(operation, body), description);
      case "BeginTransaction":
        return this.#begin(parseRequest(operation, body), description);
      case "CommitTransaction":
        return this.#commit(parseRequest(operation, body), description);
      case "RollbackTransaction":
        return this.#rollback(parseRequest(operation, body), description);
    }
  }

  #execute(request: Request<"ExecuteStatement">, description: Description): Promise<object> {
    return this.#within(request, description, async (session) => {
      if (request.continueAfterTimeout) {
        await session.run("SET statement_timeout = 0", [[]]);
      }
      const result = await run(session, request.sql, [request.parameters]);
      return resultOf(request, result, session);
    });
  }

  #batch(request: Request<"BatchExecuteStatement">, description: Description): Promise<object> {
    const sets = request.parameterSets.length === 0 ? [[]] : request.parameterSets;
    return this.#within(request, description, async (session) => {
      await run(session, request.sql, sets);
      // Fields that PostgreSQL generates are had by RETURNING only.
      return { updateResults: sets.map(() => ({ generatedFields: [] })) };
    });
  }

  async #begin(request: Request<"BeginTransaction">, description: Description): Promise<object> {
    const cluster = opened(description, request);
    const name = databaseOf(cluster, request);
    const { sessions, transactions } = this.database(cluster);
    const session = await sessions.take();
    try {
      await session.run("BEGIN", [[]]);
    } catch (error) {
      session.release();
      throw error;
    }
    return { transactionId: transactions.add(session, name) };
  }

  async #commit(request: Request<"CommitTransaction">, description: Description): Promise<object> {
    const session = this.#ended(request, description);
    try {
      const { tag } = await session.run("COMMIT", [[]]);
      if (tag === "ROLLBACK") {
        throw new Failure(
          "DatabaseErrorException",
          "ERROR: current transaction is aborted, it was rolled back; SQLState: 25P02",
        );
      }
      return { transactionStatus: "Transaction Committed" };
    } finally {
      session.release();
    }
  }

  async #rollback(request: Request<"RollbackTransaction">, description: Description): Promise<object> {
    const session = this.#ended(request, description);
    try {
      await session.run("ROLLBACK", [[]]);
      return { transactionStatus: "Rollback Complete" };
    } finally {
      session.release();
    }
  }

  #ended(request: Target & { transactionId: string }, description: Description): Session {
    return this.database(opened(description, request)).transactions.remove(request.transactionId);
  }

  /** In the transaction that the call names, or in a session of its own. */
  async #within<T>(
    request: Target,
    description: Description,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const cluster = opened(description, request);
    const { sessions, transactions } = this.database(cluster);
    if (request.transactionId !== undefined) {
      return transactions.use(request.transactionId, request.database, work);
    }
    databaseOf(cluster, request);
    const session = await sessions.take();
    try {
      return await work(session);
    } finally {
      session.release();
    }
  }
}

function run(session: Session, sql: string, sets: readonly (readonly SqlParameter[])[]): Promise<Result> {
  const { text, names } = positional(sql);
  return session.run(
    text,
    sets.map((parameters) => valuesOf(names, parameters)),
  );
}

function valuesOf(names: readonly string[], parameters: readonly SqlParameter[]): Value[] {
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  return names.map((name) => {
    const parameter = byName.get(name);
    if (!parameter) {
      throw new Failure("BadRequestException", `Cannot find parameter: ${name}`);
    }
    return boundValue(parameter);
  });
}

async function resultOf(
  { formatRecordsAs, includeResultMetadata, resultSetOptions }: Request<"ExecuteStatement">,
  result: Result,
  session: Session,
): Promise<object> {
  const numberOfRecordsUpdated = updatedBy(result);
  if (!result.columns) {
    return { numberOfRecordsUpdated, generatedFields: [] };
  }
  const columns = await typed(result.columns, session);
  if (formatRecordsAs === "JSON") {
    const records = result.rows.map((row) =>
      Object.fromEntries(
        columns.map(({ name, type }, i) => [name, jsonOf(type, row[i] ?? null, resultSetOptions)]),
      ),
    );
    return { numberOfRecordsUpdated, formattedRecords: JSON.stringify(records) };
  }
  return {
    numberOfRecordsUpdated,
    records: result.rows.map((row) =>
      columns.map(({ type }, i) => fieldOf(type, row[i] ?? null, resultSetOptions)),
    ),
    ...(includeResultMetadata && { columnMetadata: await metadataOf(columns, session) }),
  };
}
