import * as z from "zod";
import { routeContract } from "../../components/route-contract";
import { renditionSchema } from "./events";
import { pictureTypes } from "./picture/renditions";

const byPhoto = () => z.strictObject({ photo: z.uuid() });
// The `sub` of Cognito has the form of a UUID, but a variant that RFC 9562 does not know.
const byOwner = () => z.strictObject({ owner: z.guid(), photo: z.uuid() });

export const uploadRequestSchema = () =>
  z
    .strictObject({
      // As photos have it: of a key in capitals `uploadOf` knows nothing.
      photo: z.uuid().toLowerCase().describe("The photo that the picture is of"),
      contentType: z.enum(pictureTypes),
    })
    .meta({ id: "UploadRequest" });

export const uploadFormSchema = () =>
  z
    .object({
      url: z.url().describe("Where to POST the form, as multipart/form-data"),
      fields: z
        .record(z.string(), z.string())
        .describe("Fields of the form, before the field `file` with the picture"),
      maximumBytes: z.int(),
      expiresAt: z.iso.datetime().describe("The form must have arrived by then"),
    })
    .meta({ id: "UploadForm" });

export const pictureSchema = () =>
  z
    .object({
      photo: z.uuid(),
      state: z.enum(["processing", "ready", "failed"]),
      reason: z.string().optional().describe("Why it failed"),
      renditions: z.array(
        renditionSchema()
          .extend({ url: z.url().describe("Gives the picture for a while") })
          .meta({ id: "RenditionLink" }),
      ),
      changedAt: z.iso.datetime(),
    })
    .meta({ id: "Picture" });
export type Picture = z.infer<ReturnType<typeof pictureSchema>>;

export const requestUpload = routeContract({
  id: "requestUpload",
  method: "POST",
  path: "/uploads",
  summary: "Ask for a form to upload the picture of a photo with",
  access: "user",
  body: uploadRequestSchema,
  responses: { 201: { description: "The form", schema: uploadFormSchema } },
});

export const listPictures = routeContract({
  id: "listPictures",
  method: "GET",
  path: "/pictures",
  summary: "List one's own pictures that are not ready yet, or failed",
  access: "user",
  responses: {
    200: {
      description: "The pictures, at most 100",
      schema: () => z.object({ pictures: z.array(pictureSchema()) }).meta({ id: "PendingPictures" }),
    },
  },
});

export const readPicture = routeContract({
  id: "readPicture",
  method: "GET",
  path: "/pictures/{photo}",
  summary: "Read the picture of one's own photo, with every rendition",
  access: "user",
  pathParameters: byPhoto,
  responses: {
    200: { description: "The picture", schema: pictureSchema },
    404: { description: "No picture was uploaded" },
  },
});

export const showPicture = routeContract({
  id: "showPicture",
  method: "GET",
  path: "/users/{owner}/pictures/{photo}",
  summary: "Show the picture of a photo, with the renditions for screens",
  access: "anyone",
  pathParameters: byOwner,
  responses: {
    200: { description: "The picture", schema: pictureSchema },
    404: { description: "There is no picture that is ready" },
  },
});

/** All routes of the service. */
export const mediaRoutes = { requestUpload, listPictures, readPicture, showPicture };
