import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";

/** What the mail service tells of a campaign; all but `pending` are final. */
export const mailStatuses = ["pending", "archived", "failed", "success"] as const;
export type MailStatus = (typeof mailStatuses)[number];

/** What a campaign is to its users: `starting` until the mail service has it, `broken` when we could not go on. */
export const campaignStatuses = ["starting", ...mailStatuses, "broken"] as const;

/** A campaign as the API shows it. */
export const campaignSchema = () =>
  z
    .object({
      id: z.uuid(),
      subject: z.string(),
      text: z.string(),
      createdBy: z.string().describe("`sub` of the user who started it"),
      createdAt: z.iso.datetime(),
      changedAt: z.iso.datetime(),
      status: z.enum(campaignStatuses),
      sequence: z.int().describe("Number of the last report of the mail service, 0 before the first"),
      recipients: z.int().optional().describe("How many it goes to; absent until that is known"),
      reason: z.string().optional().describe("Why it is broken"),
    })
    .meta({ id: "Campaign" });
export type Campaign = z.infer<ReturnType<typeof campaignSchema>>;

/** JSON can hold half of a surrogate pair, which UTF-8, and so DynamoDB, cannot. */
const whole = (value: string) => !/\p{Surrogate}/u.test(value);

export const newCampaignSchema = () =>
  z
    .strictObject({
      subject: z
        .string()
        .trim()
        .min(1)
        .max(150)
        .refine(
          (value) => !/[\p{Cc}\u2028\u2029]/u.test(value),
          "must be one line, without control characters",
        )
        .refine(whole, "holds half of a character (a lone surrogate)"),
      text: z
        .string()
        .trim()
        .min(1)
        .max(20_000)
        .refine((value) => !/[^\P{Cc}\t\r\n]/u.test(value), "holds control characters")
        .refine(whole, "holds half of a character (a lone surrogate)")
        .describe("Plain text: a blank line begins a paragraph"),
    })
    .meta({ id: "NewCampaign" });
export type NewCampaign = z.infer<ReturnType<typeof newCampaignSchema>>;

/** The partition of the index `byTime`: all campaigns, newest first. */
export const campaignKind = "campaign";

/** An item of the table of campaigns. */
export interface CampaignRecord extends Campaign {
  readonly kind: typeof campaignKind;
  /** Tells whether a repeated request is the same. */
  readonly fingerprint: string;
  /** The mail service's own id; absent until it is known. */
  readonly mailId?: string;
  /** What the report numbered `sequence` told; absent before the first. */
  readonly mailStatus?: MailStatus;
  /** The execution waits, by a task token, for a report after the one with this number. */
  readonly waiting?: { readonly token: string; readonly after: number };
}

export const recordOf = (item: Record<string, AttributeValue>) => unmarshall(item) as CampaignRecord;

/** The campaign of an item, without what is internal to the table. */
export function fromItem(item: Record<string, AttributeValue>): Campaign {
  const {
    kind: _kind,
    fingerprint: _fingerprint,
    mailId: _mailId,
    mailStatus: _mailStatus,
    waiting: _waiting,
    ...campaign
  } = recordOf(item);
  return campaign;
}
