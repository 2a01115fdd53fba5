import * as fs from "node:fs";
import * as path from "node:path";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { RDSDataClient } from "@aws-sdk/client-rds-data";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  clientWith,
  createCluster,
  Data,
  long,
  rights,
  type SqlCloud,
  startSqlCloud,
  type Target,
  text,
} from "./data-api/cluster";

let sqlCloud: SqlCloud;
let target: Target;
let data: Data;
/** Another cluster, whose secret has a key of the account's. */
let prints: Data;

beforeAll(async () => {
  sqlCloud = await startSqlCloud();
  target = await createCluster(sqlCloud, "views");
  data = new Data(await clientWith(sqlCloud, rights(target)), target);
});

afterAll(() => sqlCloud?.stop());

const failure = async (call: Promise<unknown>) => {
  const error: unknown = await call.then(
    () => new Error("It did not fail."),
    (thrown) => thrown,
  );
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode: number } };
  return { name, message, status: $metadata?.httpStatusCode };
};

describe("who may", () => {
  test("a role needs the right to the call and to the secret, each on its own resource", async () => {
    const [mayCall, mayRead] = rights(target);
    const withoutSecret = new Data(await clientWith(sqlCloud, [mayCall ?? {}]), target);
    const withoutCall = new Data(await clientWith(sqlCloud, [mayRead ?? {}]), target);
    const elsewhere = new Data(
      await clientWith(sqlCloud, rights({ ...target, resourceArn: `${target.resourceArn}-2` })),
      target,
    );

    const refused = {
      withoutSecret: await failure(withoutSecret.execute("SELECT 1")),
      withoutCall: await failure(withoutCall.begin()),
      elsewhere: await failure(elsewhere.execute("SELECT 1")),
    };

    expect(refused.withoutSecret).toMatchObject({ name: "AccessDeniedException" });
    expect(refused.withoutSecret.message).toMatch(
      /not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:.*:secret:rds!cluster-/,
    );
    expect(refused.withoutCall.message).toMatch(
      /not authorized to perform: rds-data:BeginTransaction on resource: arn:aws:rds:/,
    );
    expect(refused.elsewhere).toMatchObject({ name: "AccessDeniedException", status: 403 });
  });

  test("where the secret has a key of the account's, the role needs that too", async () => {
    const { KeyMetadata } = await sqlCloud.cloud.client(KMSClient).send(new CreateKeyCommand({}));
    const key = KeyMetadata?.Arn ?? "";
    const own = await createCluster(sqlCloud, "prints", { MasterUserSecretKmsKeyId: key });
    const decrypt = {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: key,
      Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": own.secretArn } },
    };
    const without = new Data(await clientWith(sqlCloud, rights(own)), own);
    prints = new Data(await clientWith(sqlCloud, [...rights(own), decrypt]), own);

    const refused = await failure(without.execute("SELECT 1"));
    const rows = await prints.query("SELECT 1 AS one");

    expect(refused).toMatchObject({ name: "SecretsErrorException", message: "Access to KMS is not allowed" });
    expect(rows).toEqual([{ one: 1 }]);
  });

  test("a cluster, a database or a secret that is not there is told as on AWS", async () => {
    const root = sqlCloud.cloud.client(RDSDataClient);
    const secrets = sqlCloud.cloud.client(SecretsManagerClient);
    const { ARN: guest = "" } = await secrets.send(
      new CreateSecretCommand({
        Name: "guest",
        SecretString: JSON.stringify({ username: "guest", password: "x" }),
      }),
    );
    const { ARN: bare = "" } = await secrets.send(
      new CreateSecretCommand({ Name: "bare", SecretString: "x" }),
    );
    const call = (other: Partial<Target>) =>
      failure(new Data(root, { ...target, ...other }).execute("SELECT 1"));

    const failures = [
      await call({ resourceArn: `${target.resourceArn}-no` }),
      await call({ database: "other" }),
      await call({ secretArn: `${target.secretArn}-no` }),
      await call({ secretArn: guest }),
      await call({ secretArn: bare }),
    ];

    expect(failures.map(({ name }) => name)).toEqual([
      "HttpEndpointNotEnabledException",
      "DatabaseErrorException",
      "SecretsErrorException",
      "DatabaseErrorException",
      "InvalidSecretException",
    ]);
    expect(failures[1]?.message).toMatch(/database "other" does not exist.*SQLState: 3D000/);
    expect(failures[3]?.message).toMatch(/password authentication failed for user "guest"; SQLState: 28P01/);
  });
});

describe("values", () => {
  test("come back as what they went in", async () => {
    await data.execute(`CREATE TABLE kinds (
      id uuid PRIMARY KEY, small smallint, big bigint, price numeric(10, 2), ratio double precision, ok boolean,
      picture bytea, day date, moment timestamp, instant timestamptz, clock time, note text, facts jsonb)`);
    const hint = (
      name: string,
      typeHint: "UUID" | "DATE" | "DECIMAL" | "TIMESTAMP" | "TIME" | "JSON",
      value: string,
    ) => ({
      ...text(name, value),
      typeHint,
    });

    const inserted = await data.execute(
      `INSERT INTO kinds VALUES (:id, :small, :big, :price, :ratio, :ok, :picture, :day, :moment, :moment, :clock, :note, :facts)`,
      [
        hint("id", "UUID", "5f0f3a5e-3a51-4c4b-9c7e-1b9a3a1c2d3e"),
        long("small", -3),
        long("big", Number.MAX_SAFE_INTEGER),
        hint("price", "DECIMAL", "12.50"),
        { name: "ratio", value: { doubleValue: 0.1 } },
        { name: "ok", value: { booleanValue: true } },
        { name: "picture", value: { blobValue: Buffer.from([0, 255, 39]) } },
        hint("day", "DATE", "2026-11-24"),
        hint("moment", "TIMESTAMP", "2026-11-24 10:00:00.250"),
        hint("clock", "TIME", "10:00:00"),
        { name: "note", value: { isNull: true } },
        hint("facts", "JSON", '{"a": [1, "b"]}'),
      ],
    );
    const { records, columnMetadata } = await data.execute("SELECT * FROM kinds", [], {
      includeResultMetadata: true,
    });

    expect(inserted).toMatchObject({ numberOfRecordsUpdated: 1, generatedFields: [] });
    expect(records).toEqual([
      [
        { stringValue: "5f0f3a5e-3a51-4c4b-9c7e-1b9a3a1c2d3e" },
        { longValue: -3 },
        { longValue: Number.MAX_SAFE_INTEGER },
        { stringValue: "12.50" },
        { doubleValue: 0.1 },
        { booleanValue: true },
        { blobValue: Uint8Array.from([0, 255, 39]) },
        { stringValue: "2026-11-24" },
        { stringValue: "2026-11-24 10:00:00.250" },
        { stringValue: "2026-11-24 10:00:00.250" },
        { stringValue: "10:00:00" },
        { isNull: true },
        { stringValue: '{"a": [1, "b"]}' },
      ],
    ]);
    expect(columnMetadata?.map(({ name, typeName, type }) => [name, typeName, type]).slice(0, 5)).toEqual([
      ["id", "uuid", 1111],
      ["small", "int2", 5],
      ["big", "int8", -5],
      ["price", "numeric", 2],
      ["ratio", "float8", 8],
    ]);
    expect(columnMetadata?.[0]).toMatchObject({
      nullable: 0,
      tableName: "kinds",
      schemaName: "public",
      label: "id",
    });
    expect(columnMetadata?.[3]).toMatchObject({ nullable: 1, precision: 10, scale: 2, isSigned: true });
  });

  test("strings are text: with another type they compare by a hint or a cast only", async () => {
    const id = "5f0f3a5e-3a51-4c4b-9c7e-1b9a3a1c2d3e";
    await data.execute("CREATE TYPE mood AS ENUM ('calm', 'wild')");

    const refused = await failure(data.query("SELECT gen_random_uuid() = :id", [text("id", id)]));
    const cast = await data.query("SELECT :id::uuid AS id", [text("id", id)]);
    const mood = await data.query("SELECT :mood::mood AS mood, ARRAY[1, NULL] AS list", [
      text("mood", "wild"),
    ]);

    expect(refused).toMatchObject({ name: "DatabaseErrorException", status: 400 });
    expect(refused.message).toMatch(
      /^ERROR: operator does not exist: uuid = text; Hint: No operator .*; Position: 26; SQLState: 42883$/,
    );
    expect([cast, mood]).toEqual([[{ id }], [{ mood: "wild", list: [1, null] }]]);
  });

  test("whatever a string says, it is no SQL", async () => {
    await data.execute("CREATE TABLE notes (note text)");
    const hostile = [
      "'); DROP TABLE notes; --",
      "$1",
      ":note",
      "$$ :note $$",
      "E'\\'",
      'ü"; /*',
      "\u{1f600}\n",
    ];

    await data.batch(
      "INSERT INTO notes VALUES (:note) -- :not a name",
      hostile.map((note) => [text("note", note)]),
    );
    const rows = await data.query("SELECT note FROM notes WHERE note = ANY(SELECT note FROM notes)");

    expect(rows).toEqual(hostile.map((note) => ({ note })));
  });

  test("of what no result may have, the type is named", async () => {
    const failures = await Promise.all(
      [
        "interval '1 day'",
        "'1,2'::point",
        "'pg_class'::regclass",
        "ARRAY[[1,2],[3,4]]",
        "repeat('x', 70000)",
      ].map((value) => failure(data.execute(`SELECT ${value}`))),
    );
    const large = await failure(data.execute("SELECT repeat('x', 60000) FROM generate_series(1, 20)"));

    expect(failures.map(({ message }) => message)).toEqual([
      "The result contains the unsupported data type INTERVAL.",
      "The result contains the unsupported data type POINT.",
      "The result contains the unsupported data type regclass.",
      "The result contains a multidimensional array.",
      "Packet for query is too large",
    ]);
    expect(large).toMatchObject({
      name: "UnsupportedResultException",
      message: "Database response exceeded size limit",
    });
  });
});

describe("statements", () => {
  test("one at a time, with all its parameters", async () => {
    const failures = {
      several: await failure(data.execute("SELECT 1; SELECT 2")),
      missing: await failure(data.execute("SELECT :a", [text("b", "")])),
      schema: await failure(data.execute("SELECT 1", [], { schema: "public" })),
      wrong: await failure(data.execute("SELEC 1")),
      copy: await failure(data.execute("COPY pg_catalog.pg_description FROM STDIN")),
      empty: await data.execute(";"),
    };

    expect(failures.several).toMatchObject({
      name: "ValidationException",
      message: "Multistatements aren't supported.",
    });
    expect(failures.copy.name).toBe("DatabaseErrorException");
    expect(failures.empty).toMatchObject({ numberOfRecordsUpdated: 0 });
    expect(failures.missing.message).toBe("Cannot find parameter: a");
    expect(failures.schema.message).toBe("The schema parameter isn't supported");
    expect(failures.wrong.message).toBe(
      'ERROR: syntax error at or near "SELEC"; Position: 1; SQLState: 42601',
    );
    expect(await data.query("SELECT 1 AS one;")).toEqual([{ one: 1 }]);
  });

  test("tell how many rows they changed, and give what they return", async () => {
    await data.execute("CREATE TABLE counts (id serial PRIMARY KEY, n int)");

    const returned = await data.execute("INSERT INTO counts (n) VALUES (1), (2) RETURNING id, n", [], {
      includeResultMetadata: true,
    });
    const updated = await data.execute("UPDATE counts SET n = n + :by", [long("by", 1)]);
    const selected = await data.execute("SELECT n FROM counts ORDER BY n");

    expect(returned).toMatchObject({
      numberOfRecordsUpdated: 2,
      records: [
        [{ longValue: 1 }, { longValue: 1 }],
        [{ longValue: 2 }, { longValue: 2 }],
      ],
    });
    expect(returned.columnMetadata?.map(({ isAutoIncrement }) => isAutoIncrement)).toEqual([true, false]);
    expect(updated.numberOfRecordsUpdated).toBe(2);
    expect(selected).toMatchObject({
      numberOfRecordsUpdated: 0,
      records: [[{ longValue: 2 }], [{ longValue: 3 }]],
    });
  });

  test("a batch of a thousand sets has its effect as a whole or not at all", async () => {
    await data.execute("CREATE TABLE once (id bigint PRIMARY KEY)");
    const sets = Array.from({ length: 1000 }, (_, i) => [long("id", i)]);

    const { updateResults } = await data.batch("INSERT INTO once VALUES (:id)", sets);
    const refused = await failure(
      data.batch("INSERT INTO once VALUES (:id)", [[long("id", 5000)], [long("id", 7)]]),
    );

    expect(updateResults).toHaveLength(1000);
    expect(refused.message).toMatch(
      /duplicate key value violates unique constraint "once_pkey"; SQLState: 23505$/,
    );
    expect(await data.query("SELECT count(*) AS n FROM once")).toEqual([{ n: 1000 }]);
  });

  test("leave nothing behind in the session, and are not those of a superuser", async () => {
    await data.execute("SET search_path = pg_catalog");
    await data.execute("BEGIN");
    await data.execute("CREATE TEMPORARY TABLE passing (n int)");

    const [session] = await data.query(
      "SELECT current_setting('search_path') AS path, session_user AS who, to_regclass('passing')::text AS passing",
    );
    const times = [await data.query("SELECT now() AS now"), await data.query("SELECT now() AS now")];
    const refused = await failure(data.execute("COPY (SELECT 1) TO PROGRAM 'cat'"));

    expect(session).toEqual({ path: '"$user", public', who: "owner", passing: null });
    expect(times[0]).not.toEqual(times[1]);
    expect(refused.message).toMatch(
      /permission denied to COPY to or from an external program.*SQLState: 42501/,
    );
  });
});

describe("transactions", () => {
  beforeAll(async () => {
    await data.execute("CREATE TABLE ledger (n int)");
  });

  const ledger = () => data.query("SELECT n FROM ledger ORDER BY n");

  test("are committed or rolled back as a whole, and over then", async () => {
    const kept = await data.begin();
    await data.execute("INSERT INTO ledger VALUES (1)", [], { transactionId: kept });
    await data.batch("INSERT INTO ledger VALUES (:n)", [[long("n", 2)], [long("n", 3)]], kept);
    const committed = await data.commit(kept);
    const undone = await data.begin();
    await data.execute("DELETE FROM ledger", [], { transactionId: undone });
    const within = await data.query("SELECT n FROM ledger", [], { transactionId: undone });
    const rolledBack = await data.rollback(undone);

    expect(committed.transactionStatus).toBe("Transaction Committed");
    expect(rolledBack.transactionStatus).toBe("Rollback Complete");
    expect(within).toEqual([]);
    expect(await ledger()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    for (const call of [data.commit(kept), data.execute("SELECT 1", [], { transactionId: undone })]) {
      expect(await failure(call)).toMatchObject({ name: "TransactionNotFoundException", status: 404 });
    }
  });

  test("many at once each see a whole world", async () => {
    const before = await ledger();
    const add = async () => {
      const transactionId = await data.begin();
      const [row] = await data.query("SELECT max(n) AS n FROM ledger", [], { transactionId });
      const { n } = row as { n: number };
      await data.execute("INSERT INTO ledger VALUES (:n)", [long("n", n + 1)], { transactionId });
      await data.commit(transactionId);
    };

    await Promise.all(Array.from({ length: 8 }, add));

    const after = (await ledger()) as { n: number }[];
    expect(after).toHaveLength(before.length + 8);
    expect(new Set(after.map(({ n }) => n)).size).toBe(after.length);
  });

  test("after an error they do nothing more, and are not committed", async () => {
    const before = await ledger();
    const transactionId = await data.begin();
    await data.execute("INSERT INTO ledger VALUES (99)", [], { transactionId });

    const first = await failure(data.execute("SELECT 1 / 0", [], { transactionId }));
    const second = await failure(data.execute("SELECT 1", [], { transactionId }));
    const committed = await failure(data.commit(transactionId));

    expect(first.message).toMatch(/division by zero; SQLState: 22012$/);
    expect(second.message).toMatch(/current transaction is aborted.*SQLState: 25P02$/);
    expect(committed.name).toBe("DatabaseErrorException");
    expect(await ledger()).toEqual(before);
  });

  test("have no room for two calls at once", async () => {
    const transactionId = await data.begin();
    const calls = [1, 2, 3].map(() => failure(data.execute("SELECT pg_sleep(0.2)", [], { transactionId })));

    const failures = await Promise.all(calls);

    expect(failures.filter(({ message }) => message === "Transaction is still running a query")).toHaveLength(
      2,
    );
    await data.rollback(transactionId);
  });
});

test("a database that is resuming is a fault to inject", async () => {
  const faults = `${sqlCloud.address}/_gallery/faults`;
  const rule = {
    action: "rds-data:*",
    resource: target.resourceArn,
    status: 400,
    error: "DatabaseResumingException",
    times: 2,
  };
  await fetch(faults, { method: "PUT", body: JSON.stringify([rule]) });

  const answers = [
    await failure(data.begin()),
    await failure(data.execute("SELECT 1")),
    await data.query("SELECT 1 AS one"),
  ];

  await fetch(faults, { method: "DELETE" });
  expect(answers).toMatchObject([
    { name: "DatabaseResumingException", status: 400 },
    { name: "DatabaseResumingException", status: 400 },
    [{ one: 1 }],
  ]);
});

test("each cluster has data of its own, which goes with it", async () => {
  const rds = sqlCloud.cloud.client(RDSClient);
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: "prints" }));
  const folder = path.join(sqlCloud.folder, "sql", DBClusters?.[0]?.DbClusterResourceId ?? "none");
  await data.execute("CREATE TABLE own (n int)");

  const unknown = await failure(prints.query("SELECT * FROM own"));
  const existed = fs.existsSync(folder);
  await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "prints-1", SkipFinalSnapshot: true }));
  const without = await failure(prints.query("SELECT 1"));
  await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: "prints", SkipFinalSnapshot: true }));

  expect(unknown.message).toMatch(/relation "own" does not exist/);
  expect(without).toMatchObject({ name: "DatabaseNotFoundException", status: 404 });
  expect([existed, fs.existsSync(folder)]).toEqual([true, false]);
});
