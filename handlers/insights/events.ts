import * as z from "zod";
import { eventContract } from "../../components/event-contract";

/** Bus event of the service `insights`: what was looked at most in a week. */
const weekEvent = () =>
  z.object({
    /** The same however often the week is told of: consumers use it to act once. */
    week: z.string().describe("By ISO 8601, such as 2026-W48"),
    photos: z
      .array(z.object({ id: z.uuid(), title: z.string(), views: z.int() }))
      .min(1)
      .describe("Most viewed first"),
  });
export type WeekEvent = z.infer<ReturnType<typeof weekEvent>>;

export const weekSummarised = eventContract("gallery.insights", "week.summarised", weekEvent);
