import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";

type Item = Record<string, AttributeValue>;
export type Owned = Readonly<Record<string, string>>;

interface QueryInput {
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Item;
  readonly ConsistentRead?: boolean;
  readonly ExclusiveStartKey?: Item;
}

/** Few, so that a handful of items has several pages. */
const itemsPerPage = 2;

/**
 * A table in memory that is asked for the items of an owner, page by page, and deletes by its key. As in DynamoDB, the
 * page after one that is full may be empty, and an index has no consistent read.
 * @param interrupt called before each deletion; it may throw
 */
export function ownedTable(key: readonly string[], items: readonly Owned[], interrupt = () => {}) {
  const keyOf = (item: Owned) => JSON.stringify(key.map((attribute) => item[attribute]));
  const stored = new Map(items.map((item) => [keyOf(item), item]));
  const queryOf = (isConsistent: boolean) => async (input: QueryInput) => {
    expect(input.ConsistentRead ?? false).toBe(isConsistent);
    const [, name = "", value = ""] = /^(#\w+) = (:\w+)$/.exec(input.KeyConditionExpression) ?? [];
    const attribute = input.ExpressionAttributeNames[name] ?? "";
    const owner = unmarshall(input.ExpressionAttributeValues)[value];
    const after = input.ExclusiveStartKey ? keyOf(unmarshall(input.ExclusiveStartKey)) : "";
    const page = [...stored.keys()]
      .sort()
      .filter((at) => at > after && stored.get(at)?.[attribute] === owner)
      .slice(0, itemsPerPage)
      .map((at) => marshall(stored.get(at)));
    return { Items: page, LastEvaluatedKey: page.length === itemsPerPage ? page.at(-1) : undefined };
  };
  const DeleteItem = async ({ Key }: { Key: Item }) => {
    expect(Object.keys(Key).sort()).toEqual([...key].sort());
    interrupt();
    stored.delete(keyOf(unmarshall(Key)));
    return {};
  };
  return {
    client: { Query: queryOf(true), DeleteItem, indexes: { byOwner: { Query: queryOf(false) } } },
    items: () => [...stored.values()],
  };
}
