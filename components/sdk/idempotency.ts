import * as persistence from "@aws-lambda-powertools/idempotency/dynamodb";
import { type Bound, part } from "./bind";

interface TableTarget {
  readonly TableName: string;
}

/** What Powertools does with its table, on a table of ours. */
export const ledgerMethods = {
  Store: part(
    ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    ({ TableName: tableName }: TableTarget, _: Record<string, never>) =>
      new persistence.DynamoDBPersistenceLayer({ tableName }),
  ),
};

/** The bound client of an idempotency table. */
export type LedgerClient = Bound<typeof ledgerMethods>;
