import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { ParameterClient } from "../../components/sdk/ssm";
import { namedError } from "../named-error";
import { mailService } from "./mail-service";
import { reportNoter, reportOf } from "./report";
import type { MailReport, Run } from "./run";

/** Asks the mail service how far a campaign is of which nothing is heard. Answers the last report, whoever brought it. */
export const poll = (campaigns: TableClient, mailUrl: string, apiKey: ParameterClient) => {
  const mail = mailService(mailUrl, apiKey);
  const noteReport = reportNoter(campaigns);
  return async ({ id }: Run): Promise<MailReport> => {
    const { Item } = await campaigns.GetItem({ Key: marshall({ id }), ConsistentRead: true });
    const mailId = Item?.mailId?.S;
    if (mailId === undefined) {
      throw namedError("CampaignMissing", `There is no campaign ${id} that the mail service knows.`);
    }
    const answer = await mail.read(mailId);
    const campaign = await noteReport(id, mailId, answer);
    return campaign ? reportOf(campaign) : answer;
  };
};
