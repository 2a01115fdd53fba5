import * as z from "zod";
import { eventContract } from "../../components/event-contract";

/** Bus events of the service `photos`; `id` is the photo's. */
const photoEvent = () =>
  z.object({
    /** The same for every delivery of one change: consumers use it to act once. */
    changeId: z.string(),
    id: z.uuid(),
    owner: z.string(),
    title: z.string(),
    tags: z.array(z.string()),
    version: z.int(),
  });
export type PhotoEvent = z.infer<ReturnType<typeof photoEvent>>;

export const photoPublished = eventContract("gallery.photos", "photo.published", photoEvent);
export const photoChanged = eventContract("gallery.photos", "photo.changed", photoEvent);
export const photoRemoved = eventContract("gallery.photos", "photo.removed", photoEvent);
