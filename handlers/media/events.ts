import * as z from "zod";
import { eventContract } from "../../components/event-contract";
import { renditionNames } from "./picture/renditions";

/** A rendition that has been made. */
export const renditionSchema = () =>
  z
    .object({
      name: z.enum(renditionNames),
      width: z.int().describe("Pixels"),
      height: z.int().describe("Pixels"),
      sizeBytes: z.int(),
    })
    .meta({ id: "Rendition" });
export type RenditionMade = z.infer<ReturnType<typeof renditionSchema>>;

/** Bus events of the service `media`: how far the picture of a photo has come. */
const pictureEvent = () =>
  z.object({
    /** The same for every delivery of one change: consumers use it to act once. */
    changeId: z.string(),
    /** `sub` of the user who uploaded it. */
    owner: z.string(),
    /** Id of the photo. */
    photo: z.uuid(),
    /** Grows, as text, with each upload for the photo: what is told of an older one is out of date. */
    revision: z.string(),
    /** Those made so far. */
    renditions: z.array(renditionSchema()),
    /** What the user is to know of a failure. */
    reason: z.string().optional(),
  });
export type PictureEvent = z.infer<ReturnType<typeof pictureEvent>>;

const source = "gallery.media";
export const pictureProcessing = eventContract(source, "picture.processing", pictureEvent);
export const pictureRendition = eventContract(source, "picture.rendition", pictureEvent);
export const pictureReady = eventContract(source, "picture.ready", pictureEvent);
export const pictureFailed = eventContract(source, "picture.failed", pictureEvent);
/** All of them, for who follows a picture. */
export const pictureEvents = [pictureProcessing, pictureRendition, pictureReady, pictureFailed];

/** How far a picture is: `ready` once every rendition is there, `failed` when none can be made. */
export type PictureState = "processing" | "ready" | "failed";

/** What a picture is after an event of this type. */
export function stateOf(type: string): PictureState {
  switch (type) {
    case pictureReady.type:
      return "ready";
    case pictureFailed.type:
      return "failed";
    default:
      return "processing";
  }
}

/** How far a picture is, as text: of two events about a photo, the greater tells what is so. */
export function progressOf(state: PictureState, { revision, renditions }: PictureEvent): string {
  return `${revision}/${state === "processing" ? renditions.length : renditionNames.length + 1}`;
}
