import * as pulumi from "@pulumi/pulumi";
import { capture } from "../../../components/closure/capture";
import { environmentOf, InvalidEnvironment } from "../../../components/environment";
import { LambdaFunction } from "../../../components/function";
import { bind, environmentName } from "../../../components/sdk/bind";
import { tableMethods } from "../../../components/sdk/dynamodb";
import { evaluate } from "../program";

pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });

/** What a table of this name asks of a function that calls it. */
const table = (name: string, physicalName = pulumi.output(`${name}-1234567`)) => ({
  owner: `table "${name}"`,
  environment: { [environmentName(name, "TableName")]: physicalName },
});

test("bound clients and the function's own variables go together", () => {
  const notes = table("notes");

  expect(environmentOf("greet", [notes, table("tags")], { GREETING: "hi" })).toEqual({
    NOTES_TABLE_NAME: notes.environment.NOTES_TABLE_NAME,
    TAGS_TABLE_NAME: expect.anything(),
    GREETING: "hi",
  });
});

test("a table and its index share the table's name", () => {
  const name = pulumi.output("notes-1234567");

  expect(environmentOf("greet", [table("notes", name), table("notes", name)])).toEqual({
    NOTES_TABLE_NAME: name,
  });
});

test.each([
  ["two tables of one name", [table("items"), table("items")], {}, 'table "items" and by table "items"'],
  [
    "names that differ in their form alone",
    [table("photo-views"), table("photoViews")],
    {},
    'table "photo-views" and by table "photoViews"',
  ],
  [
    "a variable of one's own over a table's",
    [table("items")],
    { ITEMS_TABLE_NAME: "other" },
    'table "items" and by its `environment`',
  ],
])("%s are refused with both owners", (_, grants, own, owners) => {
  const attempt = () => environmentOf("greet", grants, own);

  expect(attempt).toThrow(InvalidEnvironment);
  expect(attempt).toThrow(/^greet: the environment variable [A-Z_]+_TABLE_NAME is wanted by /);
  expect(attempt).toThrow(owners);
});

test.each(["AWS_REGION", "LAMBDA_TASK_ROOT", "_HANDLER", "1BAD", "A", "with-hyphen", ""])(
  "the name %p is refused as Lambda would",
  (name) => {
    expect(() => environmentOf("greet", [], { [name]: "x" })).toThrow(
      `greet: the environment variable ${name} of its \`environment\` has a name`,
    );
  },
);

test("a resource's name that makes no variable's is refused with its owner", () => {
  expect(() => environmentOf("greet", [table("1st")])).toThrow(/1ST_TABLE_NAME of table "1st" has a name/);
});

test("what a callback captured of two tables of one name is refused, whoever their parents are", async () => {
  const named = (physicalName: string) =>
    bind(tableMethods, {
      owner: 'table "items"',
      name: "items",
      arn: pulumi.output(`arn:${physicalName}`),
      target: { TableName: pulumi.output(physicalName) },
    });
  const mine = named("items-1");
  const yours = named("items-2");

  const { grants } = await capture("greet", async () => [
    await mine.GetItem({ Key: {} }),
    await yours.PutItem({ Item: {} }),
  ]);

  expect(() => environmentOf("greet", grants)).toThrow(
    'greet: the environment variable ITEMS_TABLE_NAME is wanted by table "items" and by table "items"',
  );
});

test("a function with a bad variable of its own makes no resource", async () => {
  await expect(
    evaluate(() => {
      new LambdaFunction("greet", { handler: async () => {}, environment: { AWS_REGION: "eu-west-1" } });
      return {};
    }),
  ).rejects.toThrow(InvalidEnvironment);
});
