import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { TokenEvent } from "../../components/workflow";
import { namedError } from "../named-error";
import type { CampaignRecord } from "./campaign";
import type { Run } from "./run";

/**
 * Notes with a campaign that its execution waits, by a task token, for a report that it does not know. Where there is
 * one already, this change too tells `drive` to resume it.
 * @param overdueSeconds age of a campaign that is no longer waited for, an error named `CampaignOverdue`
 * @param maximumRounds as many reports on a campaign are waited for
 */
export const wait =
  (campaigns: TableClient, overdueSeconds: number, maximumRounds: number) =>
  async ({ token, input: { id, createdAt, mail } }: TokenEvent<Run>): Promise<void> => {
    const ageSeconds = (Date.now() - Date.parse(createdAt)) / 1000;
    if (ageSeconds > overdueSeconds || mail.sequence > maximumRounds) {
      throw namedError(
        "CampaignOverdue",
        `The campaign ${id} is pending for ${Math.round(ageSeconds)} s and ${mail.sequence} reports.`,
      );
    }
    await campaigns.UpdateItem({
      Key: marshall({ id }),
      UpdateExpression: "SET #waiting = :waiting",
      ConditionExpression: "#status IN (:starting, :pending)",
      ExpressionAttributeNames: { "#waiting": "waiting", "#status": "status" },
      ExpressionAttributeValues: marshall({
        ":waiting": { token, after: mail.sequence } satisfies CampaignRecord["waiting"],
        ":starting": "starting",
        ":pending": "pending",
      }),
    });
  };
