import * as z from "zod";
import { pictureSchema } from "./picture";

/**
 * What the service tells a client. Messages may come twice and, where two were on their way at once, in the wrong order:
 * of a photo, a client keeps the one with the greater revision, then `ready` or `failed` over `processing`, then more
 * renditions.
 */
export const serverMessage = () =>
  z.discriminatedUnion("type", [
    pictureSchema().extend({ type: z.literal("picture") }),
    z.object({ type: z.literal("resumed"), count: z.int().describe("How many pictures were told before") }),
    z.object({ type: z.literal("pong") }),
    z.object({ type: z.literal("error"), detail: z.string() }),
  ]);
export type ServerMessage = z.infer<ReturnType<typeof serverMessage>>;

/**
 * What a client sends, with the action that leads to the route `send`. `resume` asks for the state of every picture of
 * the last day, which is what a client does once connected; `ping` keeps the connection from being idle.
 */
export const clientMessage = () =>
  z.discriminatedUnion("type", [
    z.strictObject({ action: z.literal("send"), type: z.literal("resume") }),
    z.strictObject({ action: z.literal("send"), type: z.literal("ping") }),
  ]);
export type ClientMessage = z.infer<ReturnType<typeof clientMessage>>;
