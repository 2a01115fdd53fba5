import * as ddb from "@aws-sdk/client-dynamodb";
import { type Bound, part, service } from "./bind";

interface TableTarget {
  readonly TableName: string;
}
interface IndexTarget extends TableTarget {
  readonly IndexName: string;
}
type OnTable<Input> = Omit<Input, "TableName">;
type OnIndex<Input> = Omit<Input, "TableName" | "IndexName">;

declare const bound: unique symbol;
/** An item of a transaction made by a bound client, which therefore has its grant. */
export type TransactWrite = ddb.TransactWriteItem & { readonly [bound]: true };
/** A read of a transaction made by a bound client, which therefore has its grant. */
export type TransactGet = ddb.TransactGetItem & { readonly [bound]: true };

const dynamodb = service(() => new ddb.DynamoDBClient({}));
const { method } = dynamodb;

/**
 * DynamoDB operations on a table. A transaction needs no action of its own but those of its items, which
 * `Put`, `Update`, `Delete`, `ConditionCheck` and `Get` make.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export const tableMethods = {
  GetItem: method(
    "dynamodb:GetItem",
    (table: TableTarget, input: OnTable<ddb.GetItemCommandInput>) =>
      new ddb.GetItemCommand({ ...input, ...table }),
  ),
  PutItem: method(
    "dynamodb:PutItem",
    (table: TableTarget, input: OnTable<ddb.PutItemCommandInput>) =>
      new ddb.PutItemCommand({ ...input, ...table }),
  ),
  UpdateItem: method(
    "dynamodb:UpdateItem",
    (table: TableTarget, input: OnTable<ddb.UpdateItemCommandInput>) =>
      new ddb.UpdateItemCommand({ ...input, ...table }),
  ),
  DeleteItem: method(
    "dynamodb:DeleteItem",
    (table: TableTarget, input: OnTable<ddb.DeleteItemCommandInput>) =>
      new ddb.DeleteItemCommand({ ...input, ...table }),
  ),
  Query: method(
    "dynamodb:Query",
    (table: TableTarget, input: OnIndex<ddb.QueryCommandInput>) =>
      new ddb.QueryCommand({ ...input, ...table }),
  ),
  Scan: method(
    "dynamodb:Scan",
    (table: TableTarget, input: OnIndex<ddb.ScanCommandInput>) => new ddb.ScanCommand({ ...input, ...table }),
  ),
  BatchGetItem: method(
    "dynamodb:BatchGetItem",
    (
      { TableName }: TableTarget,
      {
        RequestItems,
        ...input
      }: Omit<ddb.BatchGetItemCommandInput, "RequestItems"> & {
        RequestItems: ddb.KeysAndAttributes;
      },
    ) => new ddb.BatchGetItemCommand({ ...input, RequestItems: { [TableName]: RequestItems } }),
  ),
  BatchWriteItem: method(
    "dynamodb:BatchWriteItem",
    (
      { TableName }: TableTarget,
      {
        RequestItems,
        ...input
      }: Omit<ddb.BatchWriteItemCommandInput, "RequestItems"> & {
        RequestItems: ddb.WriteRequest[];
      },
    ) => new ddb.BatchWriteItemCommand({ ...input, RequestItems: { [TableName]: RequestItems } }),
  ),
  TransactWriteItems: method(
    undefined,
    (
      _: TableTarget,
      input: Omit<ddb.TransactWriteItemsCommandInput, "TransactItems"> & { TransactItems: TransactWrite[] },
    ) => new ddb.TransactWriteItemsCommand(input),
  ),
  TransactGetItems: method(
    undefined,
    (
      _: TableTarget,
      input: Omit<ddb.TransactGetItemsCommandInput, "TransactItems"> & { TransactItems: TransactGet[] },
    ) => new ddb.TransactGetItemsCommand(input),
  ),
  Put: part(
    "dynamodb:PutItem",
    (table: TableTarget, input: OnTable<ddb.Put>) => ({ Put: { ...input, ...table } }) as TransactWrite,
  ),
  Update: part(
    "dynamodb:UpdateItem",
    (table: TableTarget, input: OnTable<ddb.Update>) => ({ Update: { ...input, ...table } }) as TransactWrite,
  ),
  Delete: part(
    "dynamodb:DeleteItem",
    (table: TableTarget, input: OnTable<ddb.Delete>) => ({ Delete: { ...input, ...table } }) as TransactWrite,
  ),
  ConditionCheck: part(
    "dynamodb:ConditionCheckItem",
    (table: TableTarget, input: OnTable<ddb.ConditionCheck>) =>
      ({ ConditionCheck: { ...input, ...table } }) as TransactWrite,
  ),
  Get: part(
    "dynamodb:GetItem",
    (table: TableTarget, input: OnTable<ddb.Get>) => ({ Get: { ...input, ...table } }) as TransactGet,
  ),
};

/** DynamoDB operations on a secondary index. */
export const indexMethods = {
  Query: method(
    "dynamodb:Query",
    (index: IndexTarget, input: OnIndex<ddb.QueryCommandInput>) =>
      new ddb.QueryCommand({ ...input, ...index }),
  ),
  Scan: method(
    "dynamodb:Scan",
    (index: IndexTarget, input: OnIndex<ddb.ScanCommandInput>) => new ddb.ScanCommand({ ...input, ...index }),
  ),
};

/** The bound client of a table with the indexes `Index`. */
export type TableClient<Index extends string = never> = Bound<typeof tableMethods> & {
  readonly indexes: { readonly [I in Index]: Bound<typeof indexMethods> };
};
