import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";
import { renditionSchema } from "../media/events";

/** A photo as the API shows it. */
export const photoSchema = () =>
  z
    .object({
      id: z.uuid(),
      owner: z.string().describe("`sub` of the user who published it"),
      title: z.string(),
      description: z.string(),
      tags: z.array(z.string()),
      version: z.int().describe("Counts changes from 1; a change must name the version it is made on"),
      publishedAt: z.iso.datetime(),
      changedAt: z.iso.datetime(),
      picture: photoPictureSchema()
        .optional()
        .describe("How far the picture that was uploaded last has come"),
    })
    .meta({ id: "Photo" });

/** What the photo knows of its picture, which is the service `media`'s. */
const photoPictureSchema = () =>
  z
    .object({
      state: z.enum(["processing", "ready", "failed"]),
      reason: z.string().optional().describe("Why it failed"),
      renditions: z.array(renditionSchema()),
    })
    .meta({ id: "PhotoPicture" });
export type Photo = z.infer<ReturnType<typeof photoSchema>>;

/** JSON can hold half of a surrogate pair, which UTF-8, and so DynamoDB, cannot. */
const text = (maximum: number) =>
  z
    .string()
    .trim()
    .max(maximum)
    .refine((value) => !/\p{Surrogate}/u.test(value), "holds half of a character (a lone surrogate)");

/** What a user may write of a photo. */
const writable = () => ({
  title: text(120).min(1),
  description: text(2000),
  tags: z
    .array(text(30).min(1).toLowerCase())
    .max(10)
    .refine((tags) => new Set(tags).size === tags.length, "tags must differ")
    .meta({ uniqueItems: true }),
});

export const newPhotoSchema = () => {
  const { title, description, tags } = writable();
  return z
    .strictObject({ title, description: description.default(""), tags: tags.default([]) })
    .meta({ id: "NewPhoto" });
};
export type NewPhoto = z.infer<ReturnType<typeof newPhotoSchema>>;

export const photoChangeSchema = () => {
  const { title, description, tags } = writable();
  return z
    .strictObject({
      version: z
        .int()
        .min(1)
        .max(2 ** 31)
        .describe("The version that the change is made on"),
      title: title.optional(),
      description: description.optional(),
      tags: tags.optional(),
    })
    .refine((change) => Object.keys(change).length > 1, "name at least one field to change")
    .meta({ id: "PhotoChange", minProperties: 2 });
};
export type PhotoChange = z.infer<ReturnType<typeof photoChangeSchema>>;

/** The partition of the index `byTime`: all photos, newest first. */
export const everyone = "photos";

/** The item of a photo; `fingerprint` tells whether a repeated request is the same. */
export function toItem(photo: Photo, fingerprint: string): Record<string, AttributeValue> {
  return marshall({ ...photo, fingerprint, gallery: everyone });
}

export function fromItem(item: Record<string, AttributeValue>): Photo {
  const {
    fingerprint: _fingerprint,
    gallery: _gallery,
    pictureProgress: _pictureProgress,
    ...photo
  } = unmarshall(item);
  return photo as Photo;
}
