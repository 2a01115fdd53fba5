import * as data from "@aws-sdk/client-rds-data";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { bind } from "../../../components/sdk/bind";
import { type SqlClient, sqlMethods } from "../../../components/sdk/rds-data";
import { sql, uuid } from "../../../components/sdk/sql/statement";

const resourceArn = "arn:aws:rds:eu-west-1:123456789012:cluster:views";
const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:views-a1b2c3";
const where = { resourceArn, secretArn, database: "views" };
const environment = {
  VIEWS_RESOURCE_ARN: resourceArn,
  VIEWS_SECRET_ARN: secretArn,
  VIEWS_DATABASE: "views",
  AWS_REGION: "eu-west-1",
};

const database = bind(sqlMethods, {
  owner: 'database "views"',
  name: "views",
  arn: pulumi.output(resourceArn),
  target: {
    resourceArn: pulumi.output("later"),
    secretArn: pulumi.output("later"),
    database: pulumi.output("later"),
    patienceSeconds: "5",
  },
}) as SqlClient;

type Command = { readonly input: Record<string, unknown> };
let sent: Command[] = [];
/** What the Data API answers; it throws what is an error. */
let answer: (command: Command) => object = () => ({});
const inputsOf = () => sent.map(({ input }) => input);
/** The commands that were sent, as their operations are named. */
const operations = () => sent.map((command) => command.constructor.name.replace("Command", ""));
/** An error as the SDK throws those of a service. */
const named = (name: string, message = name) => Object.assign(new Error(message), { name, $fault: "client" });

beforeAll(() => Object.assign(process.env, environment));
afterAll(() => {
  for (const name of Object.keys(environment)) {
    delete process.env[name];
  }
});
beforeEach(() => {
  jest.useFakeTimers();
  sent = [];
  answer = (command) =>
    command instanceof data.BeginTransactionCommand ? { transactionId: "t1" } : { formattedRecords: "[]" };
  const send = async (command: Command) => {
    sent.push(command);
    const given = answer(command);
    if (given instanceof Error) {
      throw given;
    }
    return given;
  };
  jest
    .spyOn(data.RDSDataClient.prototype as unknown as { send: typeof send }, "send")
    .mockImplementation(send);
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

/** Settles what waits for the clock, which goes on by itself. */
async function settle<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const settled = Promise.allSettled([work]);
  await jest.runAllTimersAsync();
  const [outcome] = await settled;
  return outcome;
}

/** Answers as before, but for the nth command of an operation. */
function failing(operation: string, error: Error, times = 1): void {
  const before = answer;
  let left = times;
  answer = (command) => {
    if (command.constructor.name === `${operation}Command` && left > 0) {
      left -= 1;
      return error;
    }
    return before(command);
  };
}

describe("a statement", () => {
  test("that asks answers its rows by the names of their columns", async () => {
    answer = () => ({ formattedRecords: '[{"photo":"p1","views":3},{"photo":"p2","views":null}]' });

    const rows = await database.Query(
      sql<{ photo: string; views: number | null }>`SELECT photo, views FROM counts`,
    );

    expect(rows).toEqual([
      { photo: "p1", views: 3 },
      { photo: "p2", views: null },
    ]);
    expect(inputsOf()).toEqual([
      { ...where, sql: "SELECT photo, views FROM counts", parameters: [], formatRecordsAs: "JSON" },
    ]);
  });

  test("without rows to tell is no query", async () => {
    answer = () => ({ numberOfRecordsUpdated: 1 });

    await expect(database.Query(sql`INSERT INTO counts VALUES (1) RETURNING views`)).rejects.toThrow(
      /Execute/,
    );
  });

  test("takes its values apart from its text", async () => {
    await database.Query(sql`SELECT views FROM counts WHERE photo = ${uuid("p1")} AND views > ${2}`);

    expect(inputsOf()).toMatchObject([
      {
        sql: "SELECT views FROM counts WHERE photo = :p1 AND views > :p2",
        parameters: [
          { name: "p1", typeHint: "UUID", value: { stringValue: "p1" } },
          { name: "p2", value: { longValue: 2 } },
        ],
      },
    ]);
  });

  test("that changes rows answers how many", async () => {
    answer = () => ({ numberOfRecordsUpdated: 7 });

    expect(await database.Execute(sql`DELETE FROM views WHERE day < ${"2026-11-01"}`)).toEqual({
      updated: 7,
    });
    expect(inputsOf()).toEqual([
      {
        ...where,
        sql: "DELETE FROM views WHERE day < :p1",
        parameters: [{ name: "p1", value: { stringValue: "2026-11-01" } }],
      },
    ]);
  });

  test("that changes none, such as one of the schema, says so", async () => {
    expect(await database.Execute(sql`CREATE TABLE counts (views int)`)).toEqual({ updated: 0 });
  });

  test("that the database refuses fails by its error, at once", async () => {
    const refused = named(
      "DatabaseErrorException",
      'ERROR: relation "counts" does not exist; SQLState: 42P01',
    );
    answer = () => refused;

    await expect(database.Query(sql`SELECT 1 FROM counts`)).rejects.toBe(refused);
    expect(sent).toHaveLength(1);
  });
});

describe("a batch", () => {
  const insert = (views: number) => sql`INSERT INTO counts VALUES (${views})`;

  test("is one statement with all sets of values, in their order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer(), { minLength: 1, maxLength: 1000 }), async (views) => {
        sent = [];

        await database.Batch(views.map(insert));

        expect(operations()).toEqual(["BatchExecuteStatement"]);
        expect(inputsOf()).toEqual([
          {
            ...where,
            sql: "INSERT INTO counts VALUES (:p1)",
            parameterSets: views.map((longValue) => [{ name: "p1", value: { longValue } }]),
          },
        ]);
      }),
      { numRuns: 20, examples: [[Array.from({ length: 1000 }, (_, i) => i)]] },
    );
  });

  test("of nothing asks nothing", async () => {
    await database.Batch([]);

    expect(sent).toEqual([]);
  });

  test.each([
    ["more than 1000 sets of values", Array.from({ length: 1001 }, (_, i) => insert(i))],
    ["two statements", [insert(1), sql`DELETE FROM counts WHERE views = ${1}`]],
  ])("of %s is refused, and nothing is sent", async (_, statements) => {
    await expect(database.Batch(statements)).rejects.toMatchObject({
      name: "InvalidBatch",
      message: expect.stringContaining("one statement with at most 1000 sets of values"),
    });
    expect(sent).toEqual([]);
  });
});

describe("a transaction", () => {
  const add = (n: number) => sql`INSERT INTO counts VALUES (${n})`;

  test("has all its statements, and is committed with the result of its work", async () => {
    answer = (command) => {
      if (command instanceof data.BeginTransactionCommand) {
        return { transactionId: "t1" };
      }
      return command.input.formatRecordsAs === "JSON"
        ? { formattedRecords: '[{"n":1}]' }
        : { numberOfRecordsUpdated: 2 };
    };

    const result = await database.Transaction(async ({ Query, Execute }) => {
      const rows = await Query(sql<{ n: number }>`SELECT n FROM counts`);
      const { updated } = await Execute(add(2));
      return { rows, updated };
    });

    expect(result).toEqual({ rows: [{ n: 1 }], updated: 2 });
    expect(operations()).toEqual([
      "BeginTransaction",
      "ExecuteStatement",
      "ExecuteStatement",
      "CommitTransaction",
    ]);
    const [begin, query, execute, commit] = inputsOf();
    expect(begin).toEqual(where);
    expect(query).toMatchObject({ ...where, transactionId: "t1", formatRecordsAs: "JSON" });
    expect(execute).toMatchObject({ ...where, transactionId: "t1", sql: "INSERT INTO counts VALUES (:p1)" });
    expect(commit).toEqual({ resourceArn, secretArn, transactionId: "t1" });
  });

  test("whose work throws is rolled back, and throws that", async () => {
    const problem = new Error("no such photo");

    const attempt = database.Transaction(async ({ Execute }) => {
      await Execute(add(1));
      throw problem;
    });

    await expect(attempt).rejects.toBe(problem);
    expect(operations()).toEqual(["BeginTransaction", "ExecuteStatement", "RollbackTransaction"]);
    expect(inputsOf().at(-1)).toEqual({ resourceArn, secretArn, transactionId: "t1" });
  });

  test("that cannot be rolled back either tells the first error", async () => {
    const refused = named("DatabaseErrorException", "ERROR: duplicate key; SQLState: 23505");
    failing("ExecuteStatement", refused);
    failing("RollbackTransaction", named("InternalServerErrorException"));

    await expect(database.Transaction(({ Execute }) => Execute(add(1)))).rejects.toBe(refused);
    expect(operations().at(-1)).toBe("RollbackTransaction");
  });

  test.each(["InternalServerErrorException", "DatabaseUnavailableException", "TimeoutError"])(
    "whose commit fails by %s may be committed: nothing is done again, and that is told",
    async (name) => {
      const cause = named(name, "Communications link failure");
      failing("CommitTransaction", cause);
      const work = jest.fn(async () => "done");

      const outcome = await settle(database.Transaction(work));

      expect(outcome).toMatchObject({ status: "rejected", reason: { name: "CommitUnknown", cause } });
      expect(work).toHaveBeenCalledTimes(1);
      expect(operations()).toEqual(["BeginTransaction", "CommitTransaction"]);
    },
  );

  test("that loses its writer before the commit is done again from its beginning", async () => {
    let begun = 0;
    answer = (command) =>
      command instanceof data.BeginTransactionCommand ? { transactionId: `t${++begun}` } : {};
    failing("ExecuteStatement", named("DatabaseErrorException", "Communications link failure"));

    const outcome = await settle(database.Transaction(({ Execute }) => Execute(add(1))));

    expect(outcome.status).toBe("fulfilled");
    expect(operations()).toEqual([
      "BeginTransaction",
      "ExecuteStatement",
      "RollbackTransaction",
      "BeginTransaction",
      "ExecuteStatement",
      "CommitTransaction",
    ]);
    expect(inputsOf().map(({ transactionId }) => transactionId)).toEqual([
      undefined,
      "t1",
      "t1",
      undefined,
      "t2",
      "t2",
    ]);
  });
});

describe("a database that is resuming", () => {
  const resuming = () =>
    named("DatabaseResumingException", "The Aurora DB instance db-1 is resuming after being auto-paused.");

  test.each([
    ["Query", "ExecuteStatement", () => database.Query(sql`SELECT 1`)],
    ["Execute", "ExecuteStatement", () => database.Execute(sql`DELETE FROM counts`)],
    ["Batch", "BatchExecuteStatement", () => database.Batch([sql`INSERT INTO counts VALUES (${1})`])],
    ["Transaction", "BeginTransaction", () => database.Transaction(async () => {})],
  ])("is waited for by %s", async (_, operation, call) => {
    failing(operation, resuming(), 3);

    const outcome = await settle<unknown>(call());

    expect(outcome.status).toBe("fulfilled");
    expect(operations().filter((name) => name === operation)).toHaveLength(4);
  });

  test("is not waited for longer than it is bound for", async () => {
    answer = resuming;
    const start = Date.now();

    const outcome = await settle(database.Query(sql`SELECT 1`));

    expect(outcome).toMatchObject({
      status: "rejected",
      reason: { name: "DatabaseUnavailable", message: expect.stringContaining("within 5 s") },
    });
    expect(Date.now() - start).toBeLessThanOrEqual(5000);
  });
});
