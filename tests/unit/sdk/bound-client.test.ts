import * as pulumi from "@pulumi/pulumi";
import { capture } from "../../../components/closure/capture";
import { bind, environmentName, part } from "../../../components/sdk/bind";
import { indexMethods, tableMethods } from "../../../components/sdk/dynamodb";
import { busMethods } from "../../../components/sdk/eventbridge";
import { objectMethods } from "../../../components/sdk/s3";

pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });

const table = (name: string) => {
  const arn = pulumi.output(`arn:${name}`);
  const target = { TableName: pulumi.output(`${name}-physical`) };
  return {
    ...bind(tableMethods, { owner: `table "${name}"`, name, arn, target }),
    indexes: {
      byOwner: bind(indexMethods, {
        owner: `index "byOwner" of table "${name}"`,
        name,
        arn: pulumi.output(`arn:${name}/index/byOwner`),
        target: { ...target, IndexName: "byOwner" },
      }),
    },
  };
};
const photos = table("photos");
const tags = table("tags");
const bus = bind(busMethods, {
  owner: 'event bus "gallery"',
  name: "gallery",
  arn: pulumi.output("arn:bus"),
  target: { EventBusName: pulumi.output("bus-physical") },
});
const incoming = bind(objectMethods, {
  owner: 'objects in/ of bucket "files"',
  name: "files",
  arn: pulumi.output("arn:files/in/*"),
  target: { Bucket: pulumi.output("files-physical") },
});
const store = bind(
  {
    Open: part(
      ["store:Write", "store:Read"],
      ({ Name }: { readonly Name: string }, _: Record<string, never>) => Name,
    ),
  },
  { owner: 'store "notes"', name: "notes", arn: pulumi.output("arn:notes"), target: { Name: "notes" } },
);

async function grantsOf(callback: () => Promise<unknown>): Promise<string[]> {
  const { grants } = await capture("test", callback);
  const pairs = grants
    .flatMap(({ allows }) => allows)
    .flatMap(({ actions, resource, condition }) =>
      actions.map((action) =>
        pulumi
          .jsonStringify(resource)
          .apply((on) => `${action} on ${on.replaceAll('"', "")}${condition ? " if so" : ""}`),
      ),
    );
  const resolved = await new Promise<string[]>((resolve) => pulumi.all(pairs).apply(resolve));
  return [...new Set(resolved)].sort();
}

async function readThroughHelper(id: string) {
  return photos.GetItem({ Key: { id: { S: id } } });
}

describe("a callback is granted what it calls", () => {
  test("a method on a resource, and no other of either", async () => {
    const grants = await grantsOf(async () => photos.PutItem({ Item: {} }));

    expect(grants).toEqual(["dynamodb:PutItem on arn:photos"]);
  });

  test("nothing when it calls nothing", async () => {
    expect(await grantsOf(async () => "hello")).toEqual([]);
  });

  test("what a function it calls, calls", async () => {
    expect(await grantsOf(async () => readThroughHelper("1"))).toEqual(["dynamodb:GetItem on arn:photos"]);
  });

  test("an index only where it is named", async () => {
    const grants = await grantsOf(async () => [await photos.indexes.byOwner.Query({}), await tags.Query({})]);

    expect(grants).toEqual(["dynamodb:Query on arn:photos/index/byOwner", "dynamodb:Query on arn:tags"]);
  });

  test("the items of a transaction, each on its own table, and not the transaction", async () => {
    const grants = await grantsOf(async () =>
      photos.TransactWriteItems({
        TransactItems: [photos.Put({ Item: {} }), tags.ConditionCheck({ Key: {}, ConditionExpression: "x" })],
      }),
    );

    expect(grants).toEqual(["dynamodb:ConditionCheckItem on arn:tags", "dynamodb:PutItem on arn:photos"]);
  });

  test("a batch by its own action", async () => {
    const grants = await grantsOf(async () => photos.BatchWriteItem({ RequestItems: [] }));

    expect(grants).toEqual(["dynamodb:BatchWriteItem on arn:photos"]);
  });

  test("what somebody else may send of what it signs", async () => {
    expect(await grantsOf(async () => incoming.PresignGet({ Key: "in/a", expiresSeconds: 60 }))).toEqual([
      "s3:GetObject on arn:files/in/*",
    ]);
    expect(await grantsOf(async () => incoming.PresignPost({ Key: "in/a" }))).toEqual([
      "s3:PutObject on arn:files/in/*",
    ]);
  });

  test("every action of a part that takes several", async () => {
    expect(await grantsOf(async () => store.Open({}))).toEqual([
      "store:Read on arn:notes",
      "store:Write on arn:notes",
    ]);
  });

  test("another service alike", async () => {
    expect(await grantsOf(async () => bus.PutEvents({ Entries: [] }))).toEqual([
      "events:PutEvents on arn:bus",
    ]);
  });
});

test("a bound method brings the environment it reads, and only that", async () => {
  const { grants } = await capture("test", async () => bus.PutEvents({ Entries: [] }));

  expect(grants.flatMap(({ environment }) => Object.keys(environment))).toEqual(["GALLERY_EVENT_BUS_NAME"]);
});

describe("a client that is captured as a whole is refused, with the callback's name and the fix", () => {
  const passOn = async (client: unknown) => client;
  class Reader {
    constructor(private readonly client: typeof photos) {}
    read() {
      return this.client.GetItem({ Key: {} });
    }
  }
  const reader = new Reader(photos);
  const ofTable =
    /whole client of table "photos",.*\(client\.GetItem\(…\)\).*an instance of a class the methods/;

  test.each([
    ["spread", async () => ({ ...photos }), ofTable],
    ["passed on", async () => passOn(photos), ofTable],
    [
      "destructured",
      async () => {
        const { PutItem } = photos;
        return PutItem({ Item: {} });
      },
      ofTable,
    ],
    ["indexed by a variable", async () => photos[`${"Get"}Item` as "GetItem"]({ Key: {} }), ofTable],
    ["held by an instance of a class", async () => reader.read(), ofTable],
    [
      "hidden in a copy",
      async () => passOn({ ...photos.indexes }),
      /whole client of index "byOwner" of table "photos",.*\(client\.Query\(…\)\)/,
    ],
  ])("%s", async (_, callback, message) => {
    const attempt = capture("photos-list", callback);

    await expect(attempt).rejects.toThrow(/^photos-list: the callback captures the whole client of /);
    await expect(attempt).rejects.toThrow(message);
  });
});

test("a captured output is refused: its value is not known when the artefact is made", async () => {
  const name = pulumi.output("later");

  await expect(capture("photos-list", async () => name.get())).rejects.toThrow(
    /^photos-list: the callback captures an Output.*environment/,
  );
});

test.each([
  ["photos", "TableName", "PHOTOS_TABLE_NAME"],
  ["photo-views", "TableName", "PHOTO_VIEWS_TABLE_NAME"],
  ["gallery", "EventBusName", "GALLERY_EVENT_BUS_NAME"],
])("the environment variable for %s and %s is %s", (name, parameter, expected) => {
  expect(environmentName(name, parameter)).toBe(expected);
});
