import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as data from "@aws-sdk/client-rds-data";
import { type SqlClient, sqlMethods } from "../../../components/sdk/rds-data";
import { Databases } from "../../../local/sql/databases";
import { failureOf } from "../../../local/sql/failure";
import type { Operation } from "../../../local/sql/request";

const target = {
  resourceArn: "arn:aws:rds:eu-west-1:000000000000:cluster:test",
  secretArn: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:test",
  database: "test",
  patienceSeconds: "20",
};
const description = {
  cluster: {
    id: "test",
    resourceId: "cluster-TEST",
    engine: "aurora-postgresql",
    database: "test",
    user: "owner",
    httpEndpoint: true,
    instances: 1,
  },
  secret: { user: "owner", opens: true },
};

/** A database of a test's own, and the client that handlers get of it: what they send, the local Data API answers. */
export async function sqlDatabase(): Promise<{ client: SqlClient; close: () => Promise<void> }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sql-"));
  const databases = new Databases({
    dataDir: path.join(folder, "data"),
    keep: false,
    log: path.join(folder, "log"),
  });
  const send = async (command: {
    readonly constructor: { readonly name: string };
    readonly input: object;
  }) => {
    const operation = command.constructor.name.replace(/Command$/, "") as Operation;
    try {
      return await databases.api.answer(operation, JSON.stringify(command.input), description);
    } catch (error) {
      const { name, message } = failureOf(error);
      throw Object.assign(new Error(message), { name, $fault: "client" });
    }
  };
  jest
    .spyOn(data.RDSDataClient.prototype as unknown as { send: typeof send }, "send")
    .mockImplementation(send);
  const { Query, Execute, Batch, Transaction } = sqlMethods;
  const client = {
    Query: (statement) => Query.call(target, statement),
    Execute: (statement) => Execute.call(target, statement),
    Batch: (statements) => Batch.call(target, statements),
    Transaction: (work) => Transaction.call(target, work),
  } as SqlClient;
  return {
    client,
    close: async () => {
      await databases.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
