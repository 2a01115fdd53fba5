import { databaseOf, opened } from "../../../local/sql/cluster";
import { Failure, failureOf } from "../../../local/sql/failure";

const databaseError = (fields: object) =>
  Object.assign(new Error(), { severity: "ERROR", code: "42883" }, fields);

test.each([
  [
    { message: "operator does not exist: uuid = text", hint: "Cast.", position: "54", detail: "no" },
    "DatabaseErrorException",
    "ERROR: operator does not exist: uuid = text; Hint: Cast.; Position: 54; SQLState: 42883",
  ],
  [
    { message: "duplicate key", code: "23505" },
    "DatabaseErrorException",
    "ERROR: duplicate key; SQLState: 23505",
  ],
  [
    { message: "cannot insert multiple commands into a prepared statement", code: "42601" },
    "ValidationException",
    "Multistatements aren't supported.",
  ],
  [
    { message: "canceling statement due to statement timeout", code: "57014" },
    "StatementTimeoutException",
    "Request timed out: canceling statement due to statement timeout",
  ],
])("PostgreSQL's %j is a %s", (fields, code, message) => {
  expect(failureOf(databaseError(fields))).toMatchObject({ code, message, status: 400 });
});

test("a database that is gone is unavailable, and a failure stays what it is", () => {
  const failure = new Failure("TransactionNotFoundException", "gone", 404);

  expect(failureOf(new Error("Connection terminated unexpectedly"))).toMatchObject({
    code: "DatabaseUnavailableException",
    status: 504,
  });
  expect(failureOf(failure)).toBe(failure);
});

const target = { resourceArn: "arn:cluster", secretArn: "arn:secret", schema: undefined };
const cluster = {
  id: "views",
  resourceId: "cluster-1",
  engine: "aurora-postgresql",
  database: "insights",
  user: "owner",
  httpEndpoint: true,
  instances: 1,
};
const secret = { user: "owner", opens: true };

test.each([
  [{ secret }, "HttpEndpointNotEnabledException", /arn:cluster/],
  [{ cluster: { ...cluster, httpEndpoint: false }, secret }, "HttpEndpointNotEnabledException", /views/],
  [
    { cluster: { ...cluster, engine: "aurora-mysql" }, secret },
    "InvalidResourceStateException",
    /aurora-mysql/,
  ],
  [
    { cluster: { ...cluster, instances: 0 }, secret },
    "DatabaseNotFoundException",
    /doesn't have a DB instance/,
  ],
  [{ cluster }, "SecretsErrorException", /can't find the specified secret/],
  [{ cluster, secret: { user: null, opens: false } }, "InvalidSecretException", /arn:secret/],
  [
    { cluster, secret: { user: "guest", opens: false } },
    "DatabaseErrorException",
    /user "guest"; SQLState: 28P01/,
  ],
])("with %j a call fails by %s", (description, code, message) => {
  const attempt = () => opened(description, target);

  expect(attempt).toThrow(expect.objectContaining({ code }));
  expect(attempt).toThrow(message);
});

test("a call without a database means the one that is named like the user", () => {
  const own = { ...cluster, database: "owner" };

  expect(databaseOf(cluster, { ...target, database: "insights" })).toBe("insights");
  expect(databaseOf(own, target)).toBe("owner");
  expect(() => databaseOf(cluster, target)).toThrow(
    /^FATAL: database "owner" does not exist; .*; SQLState: 3D000$/,
  );
});
