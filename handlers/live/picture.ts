import * as z from "zod";
import { renditionSchema } from "../media/events";

/** How far the renditions of a photo's upload have come, as clients are told. */
export const pictureMessage = () =>
  z.object({
    type: z.literal("picture"),
    photo: z.uuid(),
    /** Of the upload: grows, as text, with each new one of the photo. */
    revision: z.string(),
    state: z.enum(["processing", "ready", "failed"]),
    /** Those made so far. */
    renditions: z.array(renditionSchema()),
    reason: z.string().optional().describe("Why it failed"),
  });
