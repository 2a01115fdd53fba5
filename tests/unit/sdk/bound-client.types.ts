// Compiled, not run: what does not exist on a bound client, or is not its resource's, does not compile.
import type { GetItemCommandOutput } from "@aws-sdk/client-dynamodb";
import type { TableClient } from "../../../components/sdk/dynamodb";
import type { BusClient } from "../../../components/sdk/eventbridge";
import type { ObjectsClient } from "../../../components/sdk/s3";

export async function photos(client: TableClient<"byOwner">) {
  const found: GetItemCommandOutput = await client.GetItem({ Key: { id: { S: "1" } } });
  await client.indexes.byOwner.Query({ KeyConditionExpression: "#o = :o" });
  await client.TransactWriteItems({ TransactItems: [client.Put({ Item: {} }), client.Delete({ Key: {} })] });

  // @ts-expect-error: the table is bound already
  await client.GetItem({ TableName: "another", Key: {} });
  // @ts-expect-error: so is the index
  await client.indexes.byOwner.Query({ IndexName: "byTime" });
  // @ts-expect-error: an index that the table does not have
  await client.indexes.byTime.Query({});
  // @ts-expect-error: the table's own query names no index
  await client.Query({ IndexName: "byOwner" });
  // @ts-expect-error: an operation that is none of a table's items
  await client.DeleteTable({});
  // @ts-expect-error: an index cannot be written
  await client.indexes.byOwner.PutItem({ Item: {} });
  // @ts-expect-error: the input's own types hold
  await client.GetItem({ Key: { id: "1" } });
  // @ts-expect-error: a transaction takes items that a bound client has made, since those have grants
  await client.TransactWriteItems({ TransactItems: [{ Put: { TableName: "another", Item: {} } }] });
  return found;
}

export async function bus(client: BusClient) {
  await client.PutEvents({ Entries: [{ Source: "a", DetailType: "b", Detail: "{}" }] });
  // @ts-expect-error: the bus is bound already
  await client.PutEvents({ Entries: [{ EventBusName: "another", Detail: "{}" }] });
}

export async function objects(client: ObjectsClient) {
  const url: string = await client.PresignGet({ Key: "in/a", expiresSeconds: 60 });
  const { fields }: { fields: Record<string, string> } = await client.PresignPost({ Key: "in/a" });
  // @ts-expect-error: the bucket is bound already
  await client.GetObject({ Bucket: "another", Key: "in/a" });
  // @ts-expect-error: a link says how long it serves
  await client.PresignGet({ Key: "in/a" });
  return [url, fields];
}
