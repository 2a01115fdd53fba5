import type { TableClient } from "../../components/sdk/dynamodb";
import { progressNoter } from "./progress";
import type { BrokenRun, Run } from "./run";

/** Notes that the mail service has ended a campaign without success. */
export const ended = (campaigns: TableClient) => {
  const note = progressNoter(campaigns);
  return async ({ id, mail }: Run): Promise<void> => note(id, { status: mail.status });
};

/** Notes that a campaign cannot go on, and why, in words for its users. */
export const broken = (campaigns: TableClient) => {
  const note = progressNoter(campaigns);
  return async ({ id, error }: BrokenRun): Promise<void> =>
    note(id, { status: "broken", reason: reasonOf(error.Error) });
};

function reasonOf(error: string): string {
  switch (error) {
    case "MailRefused":
      return "The mail service has refused the campaign.";
    case "MailUnavailable":
      return "The mail service could not be reached for too long.";
    case "CampaignOverdue":
      return "The mail service has not come to an end with the campaign in time.";
    default:
      return "Something went wrong on our side; it has been reported.";
  }
}
