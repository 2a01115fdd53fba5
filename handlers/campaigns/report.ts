import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { type CampaignRecord, recordOf } from "./campaign";
import type { MailReport } from "./run";

/**
 * Notes a report of the mail service, unless a later one, or the same, is known, or the campaign is over. Answers the
 * campaign as it then is, undefined where there is none.
 * @param mailId the mail service's id of the campaign; where that is known, nothing is noted under another
 */
export const reportNoter =
  (campaigns: TableClient) =>
  async (
    id: string,
    mailId: string,
    { status, sequence }: MailReport,
  ): Promise<CampaignRecord | undefined> => {
    try {
      const { Attributes = {} } = await campaigns.UpdateItem({
        Key: marshall({ id }),
        UpdateExpression:
          "SET #mailId = :mailId, #mailStatus = :mailStatus, #sequence = :sequence, #changedAt = :now",
        ConditionExpression:
          "#status IN (:starting, :pending) AND #sequence < :sequence AND " +
          "(attribute_not_exists(#mailId) OR #mailId = :mailId)",
        ExpressionAttributeNames: {
          "#mailId": "mailId",
          "#mailStatus": "mailStatus",
          "#sequence": "sequence",
          "#changedAt": "changedAt",
          "#status": "status",
        },
        ExpressionAttributeValues: marshall({
          ":mailId": mailId,
          ":mailStatus": status,
          ":sequence": sequence,
          ":now": new Date().toISOString(),
          ":starting": "starting",
          ":pending": "pending",
        }),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return recordOf(Attributes);
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
      return error.Item && recordOf(error.Item);
    }
  };

/** The last report on a campaign; before the first, that it is pending. */
export const reportOf = ({ mailStatus = "pending", sequence }: CampaignRecord): MailReport => ({
  status: mailStatus,
  sequence,
});
