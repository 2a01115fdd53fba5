import * as ddb from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { TableClient } from "../../../components/sdk/dynamodb";
import { newCampaignSchema } from "../../../handlers/campaigns/campaign";
import { startDigest } from "../../../handlers/campaigns/start-digest";
import type { WeekEvent } from "../../../handlers/insights/events";

function campaigns() {
  const items = new Map<string, Record<string, unknown>>();
  const client = {
    PutItem: async ({ Item }: { Item: Parameters<typeof unmarshall>[0] }) => {
      const item = unmarshall(Item);
      if (items.has(item.id)) {
        throw new ddb.ConditionalCheckFailedException({
          $metadata: {},
          message: "The conditional request failed",
        });
      }
      items.set(item.id, item);
      return {};
    },
  };
  return { client: client as unknown as TableClient, items };
}

const week = (name: string, ...titles: string[]) =>
  ({
    detail: { week: name, photos: titles.map((title, i) => ({ id: `p${i}`, title, views: 9 - i })) },
  }) as unknown as EventBridgeEvent<string, WeekEvent>;

test("a week becomes one campaign, however often it is told of", async () => {
  const { client, items } = campaigns();
  const start = startDigest(client);

  await start(week("2026-W48", "Dunes"));
  await start(week("2026-W48", "Dunes", "Sea"));
  await start(week("2026-W49", "Sea"));

  expect([...items.values()]).toMatchObject([
    { subject: "Most viewed in Gallery, week 2026-W48", status: "starting", createdBy: "gallery" },
    { subject: "Most viewed in Gallery, week 2026-W49", text: "What was looked at most:\n\n1. Sea (9)" },
  ]);
});

test("a title is one line of limited length without addresses: nobody writes to all subscribers by it", async () => {
  const { client, items } = campaigns();

  await startDigest(client)(
    week(
      "2026-W48",
      "Win at https://evil.example/x now",
      "see www.evil.example",
      "mail me@evil.example",
      "evil.example",
      "two\n\nlines\r\nof text",
      "x".repeat(120),
    ),
  );

  const [{ subject, text } = {}] = [...items.values()];
  expect(String(text).split("\n").slice(2)).toEqual([
    "1. Win at … now (9)",
    "2. see … (8)",
    "3. mail … (7)",
    "4. … (6)",
    "5. two lines of text (5)",
    `6. ${"x".repeat(80)} (4)`,
  ]);
  expect(() => newCampaignSchema().parse({ subject, text })).not.toThrow();
});
