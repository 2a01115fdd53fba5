import { createHash } from "node:crypto";
import * as z from "zod";

/** What becomes of a campaign; all but `pending` are final to whoever sent it. */
export const campaignStatus = z.enum(["pending", "archived", "failed", "success"]);
export type CampaignStatus = z.infer<typeof campaignStatus>;

const rate = z.number().min(0).max(1);

/** How the mail service treats the campaigns it accepts. */
export const behaviourSchema = z.strictObject({
  /** Statuses that a campaign goes through, in turn. @default pending, pending, success */
  statuses: z.array(campaignStatus).min(1).max(100),
  /** Time before each of them, at most 15 minutes. @default 1000 */
  delayMs: z.int().min(0).max(900_000),
  /** Share of changes that the webhook is never told. @default 0 */
  loss: rate,
  /** Share of the other changes that it is told twice, the second time later, maybe after the next. @default 0 */
  duplication: rate,
  /** Lets the same campaigns, in the same order, have the same luck each time. @default by chance */
  seed: z.int().min(0).optional(),
});
export type MailBehaviour = z.infer<typeof behaviourSchema>;

export const defaultBehaviour: MailBehaviour = {
  statuses: ["pending", "pending", "success"],
  delayMs: 1000,
  loss: 0,
  duplication: 0,
};

/** A change of status that lies before a campaign, and the luck of the webhook that tells it. */
export interface PlannedChange {
  readonly status: CampaignStatus;
  /** 1 for the first. */
  readonly sequence: number;
  readonly isLost: boolean;
  /** When it is told again, after the first time; absent, never. */
  readonly duplicateAfterMs?: number;
}

/**
 * All that will happen to a campaign. It is decided when the campaign is accepted, always by three numbers a change:
 * so a seed gives the same, whatever the timing and the rates.
 */
export function planChanges(
  { statuses, delayMs, loss, duplication }: MailBehaviour,
  random: () => number,
): readonly PlannedChange[] {
  return statuses.map((status, index) => {
    const [lossDraw, duplicationDraw, delayDraw] = [random(), random(), random()];
    const isLost = lossDraw < loss;
    const isDuplicated = !isLost && duplicationDraw < duplication;
    const duplicateAfterMs = isDuplicated
      ? Math.round((0.5 + 2 * delayDraw) * Math.max(delayMs, 50))
      : undefined;
    return { status, sequence: index + 1, isLost, duplicateAfterMs };
  });
}

/** Numbers from 0 to below 1; the same for the same seed. */
export function chance(seed: number | undefined): () => number {
  if (seed === undefined) {
    return Math.random;
  }
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash("sha256").update(`${seed} ${drawn}`).digest().readUInt32BE() / 2 ** 32;
  };
}
