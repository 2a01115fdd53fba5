import type { AttributeValue } from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;

/** One page after the other is asked for, and its items are worked on in turn, until there is no further page. */
export async function eachItem(
  page: (ExclusiveStartKey: Item | undefined) => Promise<{ Items?: Item[]; LastEvaluatedKey?: Item }>,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  let start: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await page(start);
    for (const item of Items) {
      await work(item);
    }
    start = LastEvaluatedKey;
  } while (start);
}
