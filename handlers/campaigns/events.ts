import * as z from "zod";
import { eventContract } from "../../components/event-contract";
import { campaignStatuses } from "./campaign";

/** Bus event of the service `campaigns`: how far a campaign is. */
const campaignEvent = () =>
  z.object({
    /** The same for every delivery of one change: consumers use it to act once. */
    changeId: z.string(),
    id: z.uuid(),
    /** `sub` of the user who started it. */
    owner: z.string(),
    subject: z.string(),
    status: z.enum(campaignStatuses),
    /** Number of the mail service's last report. */
    sequence: z.int(),
    recipients: z.int().optional(),
    /** What the user is to know of a failure. */
    reason: z.string().optional(),
  });
export type CampaignEvent = z.infer<ReturnType<typeof campaignEvent>>;

export const campaignChanged = eventContract("gallery.campaigns", "campaign.changed", campaignEvent);
