import * as z from "zod";

/** The message that asks for the renditions of an upload. */
export const renditionRequestSchema = () =>
  z.object({
    owner: z.string(),
    photo: z.string(),
    revision: z.string(),
    /** Key of the object that was uploaded, and which content of it. */
    upload: z.string(),
    eTag: z.string(),
  });
export type RenditionRequest = z.infer<ReturnType<typeof renditionRequestSchema>>;
