import type { EventBridgeEvent } from "aws-lambda";
import * as z from "zod";
import { pictureEvents, progressOf, renditionSchema, stateOf } from "../media/events";

/** How far the renditions of a photo's upload have come, as clients are told. */
export const pictureSchema = () =>
  z.object({
    photo: z.uuid(),
    /** Of the upload: grows, as text, with each new one of the photo. */
    revision: z.string(),
    state: z.enum(["processing", "ready", "failed"]),
    /** Those made so far. */
    renditions: z.array(renditionSchema()),
    reason: z.string().optional().describe("Why it failed"),
  });
export type Picture = z.infer<ReturnType<typeof pictureSchema>>;

/** A picture, whose it is, and how far it is as text that grows. */
export interface Progress {
  readonly user: string;
  readonly picture: Picture;
  readonly progress: string;
}

/** Reads an event; throws for one that breaks its contract or has none. */
export const progressReader = () => {
  const contracts = pictureEvents.map(({ type, schema }) => ({ type, schema: schema() }));
  return ({ "detail-type": type, detail }: EventBridgeEvent<string, unknown>): Progress => {
    const contract = contracts.find((known) => known.type === type);
    if (!contract) {
      throw new Error(`An event of type ${type} tells of no picture; subscribe to pictureEvents alone.`);
    }
    const told = contract.schema.parse(detail);
    const { owner, photo, revision, renditions, reason } = told;
    const state = stateOf(type);
    return {
      user: owner,
      picture: { photo, revision, state, renditions, reason },
      progress: progressOf(state, told),
    };
  };
};
