import * as z from "zod";
import { campaignMessage } from "./campaign";
import { pictureMessage } from "./picture";

/**
 * What the service tells a client. Messages may come twice and, where two were on their way at once, in the wrong order.
 * Of a photo, a client keeps the one with the greater revision, then `ready` or `failed` over `processing`, then more
 * renditions. Of a campaign, it keeps the one whose status is final over `pending` over `starting`, then the greater
 * sequence, then the one with recipients.
 */
export const serverMessage = () =>
  z.discriminatedUnion("type", [
    pictureMessage(),
    campaignMessage(),
    z.object({
      type: z.literal("resumed"),
      count: z.int().describe("How many pictures and campaigns were told before"),
    }),
    z.object({ type: z.literal("pong") }),
    z.object({ type: z.literal("error"), detail: z.string() }),
  ]);
export type ServerMessage = z.infer<ReturnType<typeof serverMessage>>;

/** A message that tells how far something is, and is kept for clients that come back. */
export type ProgressMessage = Extract<ServerMessage, { readonly type: "picture" | "campaign" }>;

/**
 * What a client sends, with the action that leads to the route `send`. `resume` asks for the state of every picture and
 * campaign of the last day, which is what a client does once connected; `ping` keeps the connection from being idle.
 */
export const clientMessage = () =>
  z.discriminatedUnion("type", [
    z.strictObject({ action: z.literal("send"), type: z.literal("resume") }),
    z.strictObject({ action: z.literal("send"), type: z.literal("ping") }),
  ]);
export type ClientMessage = z.infer<ReturnType<typeof clientMessage>>;
