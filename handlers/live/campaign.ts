import * as z from "zod";
import { campaignStatuses } from "../campaigns/campaign";
import type { CampaignEvent } from "../campaigns/events";

/** How far a mail campaign has come, as the clients of who started it are told. */
export const campaignMessage = () =>
  z.object({
    type: z.literal("campaign"),
    /** Its id. */
    campaign: z.uuid(),
    subject: z.string().describe("Of the mail"),
    status: z.enum(campaignStatuses),
    sequence: z.int().describe("Number of the mail service's last report, 0 before the first"),
    recipients: z.int().optional().describe("How many it goes to; absent until that is known"),
    reason: z.string().optional().describe("Why it is broken"),
  });

/** Digits of the greatest whole number that a sequence can be. */
const sequenceDigits = String(Number.MAX_SAFE_INTEGER).length;

/** How far a campaign is, as text: of two events about a campaign, the greater tells what is so. */
export function campaignProgress({ status, sequence, recipients }: CampaignEvent): string {
  const phase = status === "starting" ? 0 : status === "pending" ? 1 : 2;
  const number = String(sequence).padStart(sequenceDigits, "0");
  return `${phase}/${number}/${recipients === undefined ? 0 : 1}`;
}
