import * as z from "zod";
import { routeContract } from "../../components/route-contract";
import { newPhotoSchema, photoChangeSchema, photoSchema } from "./photo";

const byId = () => z.strictObject({ id: z.uuid() });

export const listQuerySchema = () =>
  z.strictObject({
    owner: z.string().min(1).max(128).optional().describe("Only photos of the user with this `sub`"),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe("Most photos of a page"),
    cursor: z.string().max(512).optional().describe("`cursor` of the page before"),
  });

export const pageSchema = () =>
  z
    .object({
      photos: z.array(photoSchema()),
      cursor: z.string().optional().describe("Ask with it for the next page; absent on the last"),
    })
    .meta({ id: "PhotoPage" });

export const publishPhoto = routeContract({
  id: "publishPhoto",
  method: "POST",
  path: "/photos",
  summary: "Publish a photo",
  access: "user",
  headers: {
    "idempotency-key": {
      description: "A request repeated with the same key and body publishes one photo.",
      required: false,
      schema: () => z.string().min(1).max(128),
    },
  },
  body: newPhotoSchema,
  responses: {
    201: {
      description: "Published",
      schema: photoSchema,
      headers: { location: "Where the photo is, relative to this request" },
    },
    409: { description: "The idempotency key was used with another body" },
  },
});

export const listPhotos = routeContract({
  id: "listPhotos",
  method: "GET",
  path: "/photos",
  summary: "List photos, newest first",
  access: "anyone",
  query: listQuerySchema,
  responses: { 200: { description: "A page of photos", schema: pageSchema } },
});

export const readPhoto = routeContract({
  id: "readPhoto",
  method: "GET",
  path: "/photos/{id}",
  summary: "Read one photo",
  access: "anyone",
  pathParameters: byId,
  responses: {
    200: { description: "The photo", schema: photoSchema },
    404: { description: "No such photo" },
  },
});

export const changePhoto = routeContract({
  id: "changePhoto",
  method: "PATCH",
  path: "/photos/{id}",
  summary: "Change a photo of one's own",
  access: "user",
  pathParameters: byId,
  body: photoChangeSchema,
  responses: {
    200: { description: "The photo as changed", schema: photoSchema },
    403: { description: "The photo is another user's" },
    404: { description: "No such photo" },
    409: { description: "The photo has changed since the version named" },
  },
});

export const removePhoto = routeContract({
  id: "removePhoto",
  method: "DELETE",
  path: "/photos/{id}",
  summary: "Remove a photo of one's own",
  access: "user",
  pathParameters: byId,
  responses: {
    204: { description: "Removed" },
    403: { description: "The photo is another user's" },
    404: { description: "No such photo" },
  },
});

/** All routes of the service. */
export const photoRoutes = { publishPhoto, listPhotos, readPhoto, changePhoto, removePhoto };
