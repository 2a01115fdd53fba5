import { DeadLetters } from "../../../components/dead-letters";
import { Table } from "../../../components/table";
import { evaluate, granted, only } from "../program";

const photos = (options: object = {}) =>
  new Table("photos", {
    attributes: { id: "S", owner: "S", at: "N" },
    key: { partition: "id" },
    indexes: { byOwner: { partition: "owner", sort: "at" } },
    ...options,
  });

test("is on demand, encrypted, recoverable, with a stream and its indexes", async () => {
  const graph = await evaluate(() => {
    photos({ timeToLive: "expiresAt", deletionProtection: true });
    return {};
  });

  expect(only(graph, "aws:dynamodb/table:Table", "photos").inputs).toMatchObject({
    billingMode: "PAY_PER_REQUEST",
    attributes: [
      { name: "id", type: "S" },
      { name: "owner", type: "S" },
      { name: "at", type: "N" },
    ],
    hashKey: "id",
    globalSecondaryIndexes: [{ name: "byOwner", hashKey: "owner", rangeKey: "at", projectionType: "ALL" }],
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
    ttl: { attributeName: "expiresAt", enabled: true },
    streamEnabled: true,
    streamViewType: "NEW_AND_OLD_IMAGES",
    deletionProtectionEnabled: true,
  });
});

test("its stream calls a function, which halves and retries a failing batch, then keeps it", async () => {
  const graph = await evaluate(() => {
    const filters = [{ eventName: ["INSERT"] }];
    photos().onChange("tell", async () => ({ batchItemFailures: [] }), {
      deadLetters: new DeadLetters("failures"),
      filters,
      batchSize: 10,
      retries: 3,
    });
    return {};
  });

  const topic = "arn:aws:sns:eu-west-1:123456789012:photos-tell-failed";
  const stream = "arn:aws:dynamodb:eu-west-1:123456789012:photos/stream/now";
  expect(
    only(graph, "aws:lambda/eventSourceMapping:EventSourceMapping", "photos-tell-stream").inputs,
  ).toMatchObject({
    eventSourceArn: stream,
    batchSize: 10,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 3,
    maximumRecordAgeInSeconds: 3600,
    functionResponseTypes: ["ReportBatchItemFailures"],
    filterCriteria: { filters: [{ pattern: '{"eventName":["INSERT"]}' }] },
    destinationConfig: { onFailure: { destinationArn: topic } },
  });
  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "photos-tell-policy"))).toEqual({
    "dynamodb:DescribeStream": stream,
    "dynamodb:GetRecords": stream,
    "dynamodb:GetShardIterator": stream,
    "dynamodb:ListStreams": stream,
    "sns:Publish": topic,
  });
});

test.each([
  ["batchSize", { batchSize: 0 }],
  ["retries", { retries: 10_001 }],
  ["maximumRecordAgeSeconds", { maximumRecordAgeSeconds: 59 }],
])("%s out of AWS's range is refused by name", async (argument, options) => {
  const attempt = evaluate(() => {
    photos().onChange("tell", async () => ({ batchItemFailures: [] }), {
      deadLetters: new DeadLetters("failures"),
      ...options,
    });
    return {};
  });

  await expect(attempt).rejects.toThrow(
    new RegExp(`^photos-tell: ${argument} is .*must be a whole number from`),
  );
});

test.each([
  ["an attribute that no key uses", { attributes: { id: "S", owner: "S", at: "N", title: "S" } }, /title;/],
  [
    "a key of no attribute",
    { key: { partition: "uuid" }, attributes: { owner: "S", at: "N" } },
    /uuid, which/,
  ],
])("%s is refused by the table's name and its own", async (_, options, message) => {
  const attempt = evaluate(() => {
    photos(options);
    return {};
  });

  await expect(attempt).rejects.toThrow(message);
  await expect(attempt).rejects.toThrow(/^photos: /);
});
