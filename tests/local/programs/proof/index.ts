import * as ddb from "@aws-sdk/client-dynamodb";
import { DeadLetters } from "../../../../components/dead-letters";
import { EventBus } from "../../../../components/event-bus";
import { HttpApi } from "../../../../components/http-api";
import type { Route } from "../../../../components/route-contract";
import { Table } from "../../../../components/table";
import { UserPool } from "../../../../components/user-pool";
import { uploads } from "./uploads";

const notes = new Table("notes", { attributes: { id: "S" }, key: { partition: "id" } });
const other = new Table("other", { attributes: { id: "S" }, key: { partition: "id" } });
const deadLetters = new DeadLetters("lost");
const bus = new EventBus("bus", { deadLetters });
const users = new UserPool("users", { passwordSignIn: true });
const api = new HttpApi("api", { users, throttle: { rate: 100, burst: 100 } });

const get = (id: string): Route => ({ id, method: "GET", path: `/${id}`, summary: id, access: "anyone" });

// Each tries, past its bound client, what it was not granted; the table's name it may know.
api.route(get("bypass"), async () => {
  await notes.sdk.GetItem({ Key: { id: { S: "1" } } });
  const attempts = {
    granted: new ddb.GetItemCommand({ TableName: process.env.NOTES_TABLE_NAME, Key: { id: { S: "1" } } }),
    otherAction: new ddb.DeleteItemCommand({
      TableName: process.env.NOTES_TABLE_NAME,
      Key: { id: { S: "1" } },
    }),
    otherTable: new ddb.GetItemCommand({
      TableName: process.env.NOTES_TABLE_NAME?.replace("notes", "other"),
      Key: { id: { S: "1" } },
    }),
  };
  const client = new ddb.DynamoDBClient({});
  const outcomes: Record<string, string> = {};
  for (const [name, command] of Object.entries(attempts)) {
    try {
      await client.send(command as ddb.GetItemCommand);
      outcomes[name] = "allowed";
    } catch (error) {
      outcomes[name] = error instanceof Error ? error.name : String(error);
    }
  }
  return { statusCode: 200, body: JSON.stringify(outcomes) };
});

api.route(get("fail"), async () => {
  throw new Error("a detail that callers must not see");
});

api.route(get("limited"), async () => ({ statusCode: 200, body: "{}" }), { throttle: { rate: 1, burst: 3 } });

bus.on("note", { source: ["proof"], "detail-type": ["note"] }, async ({ id }) => {
  await notes.sdk.PutItem({ Item: { id: { S: `event-${id}` } } });
});

bus.on(
  "broken",
  { source: ["proof"], "detail-type": ["poison"] },
  async () => {
    throw new Error("this event cannot be processed");
  },
  { retries: 0 },
);

bus.schedule("tick", "cron(* * * * ? *)", async ({ time }) => {
  await notes.sdk.PutItem({ Item: { id: { S: "tick" }, time: { S: time } } });
});

const files = uploads(deadLetters);

export const url = api.url;
export const notesTable = notes.name;
export const otherTable = other.name;
export const busName = bus.name;
export const { bucketName, toldTable, signName, linkName, readName } = files;
