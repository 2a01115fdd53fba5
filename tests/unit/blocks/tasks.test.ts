import type { ScheduledEvent } from "aws-lambda";
import { LambdaFunction } from "../../../components/function";
import { Table } from "../../../components/table";
import { Tasks, type TasksArgs } from "../../../components/tasks";
import { evaluate, granted, only } from "../program";

const ledger = "arn:aws:dynamodb:eu-west-1:123456789012:jobs";
const ledgerGrants = Object.fromEntries(
  ["DeleteItem", "GetItem", "PutItem", "UpdateItem"].map((action) => [`dynamodb:${action}`, ledger]),
);

test("keeps what is done in a table that forgets by itself", async () => {
  const tableOf = async (args?: TasksArgs) => {
    const graph = await evaluate(() => {
      new Tasks("jobs", args);
      return {};
    });
    return only(graph, "aws:dynamodb/table:Table", "jobs").inputs;
  };

  expect(await tableOf()).toMatchObject({
    billingMode: "PAY_PER_REQUEST",
    attributes: [{ name: "id", type: "S" }],
    hashKey: "id",
    ttl: { attributeName: "expiration", enabled: true },
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
    deletionProtectionEnabled: false,
  });
  expect(await tableOf({ deletionProtection: true })).toMatchObject({ deletionProtectionEnabled: true });
});

test("a task may keep its own record, and do what its work does", async () => {
  const graph = await evaluate(() => {
    const tasks = new Tasks("jobs");
    const notes = new Table("notes", { attributes: { id: "S" }, key: { partition: "id" } });
    const key = ({ id }: ScheduledEvent) => id;
    new LambdaFunction("plain", {
      handler: tasks.once(key, async () => notes.sdk.Query({})),
    });
    new LambdaFunction("made", {
      handler: tasks.once(key, { factory: () => async () => notes.sdk.Scan({}) }),
    });
    return {};
  });

  const grants = (name: string) => granted(only(graph, "aws:iam/rolePolicy:RolePolicy", `${name}-policy`));
  const notes = "arn:aws:dynamodb:eu-west-1:123456789012:notes";
  expect(grants("plain")).toEqual({ ...ledgerGrants, "dynamodb:Query": notes });
  expect(grants("made")).toEqual({ ...ledgerGrants, "dynamodb:Scan": notes });
  expect(only(graph, "aws:lambda/function:Function", "plain").inputs.environment).toEqual({
    variables: { JOBS_TABLE_NAME: "jobs", NOTES_TABLE_NAME: "notes" },
  });
});

test.each([0, 0.5])("%p hours of memory are refused by name", async (rememberHours) => {
  await expect(
    evaluate(() => {
      new Tasks("jobs", { rememberHours });
      return {};
    }),
  ).rejects.toThrow(`jobs: rememberHours is ${rememberHours}; it must be a whole number 1 or more`);
});
