import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";

/** A photo as the API shows it. */
export const photoSchema = () =>
  z.object({
    id: z.uuid(),
    /** `sub` of the user who published it. */
    owner: z.string(),
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    /** Counts changes from 1; a change must name the version it is made on. */
    version: z.int(),
    publishedAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
  });
export type Photo = z.infer<ReturnType<typeof photoSchema>>;

const text = (maximum: number) => z.string().trim().max(maximum);

/** What a user may write of a photo. */
const writable = () => ({
  title: text(120).min(1),
  description: text(2000),
  tags: z
    .array(text(30).min(1).toLowerCase())
    .max(10)
    .refine((tags) => new Set(tags).size === tags.length, "tags must differ"),
});

export const newPhotoSchema = () => {
  const { title, description, tags } = writable();
  return z.strictObject({ title, description: description.default(""), tags: tags.default([]) });
};
export type NewPhoto = z.infer<ReturnType<typeof newPhotoSchema>>;

export const photoChangeSchema = () => {
  const { title, description, tags } = writable();
  return z
    .strictObject({
      version: z.int().min(1),
      title: title.optional(),
      description: description.optional(),
      tags: tags.optional(),
    })
    .refine((change) => Object.keys(change).length > 1, "name at least one field to change");
};
export type PhotoChange = z.infer<ReturnType<typeof photoChangeSchema>>;

/** The partition of the index `byTime`: all photos, newest first. */
export const everyone = "photos";

/** The item of a photo; `fingerprint` tells whether a repeated request is the same. */
export function toItem(photo: Photo, fingerprint: string): Record<string, AttributeValue> {
  return marshall({ ...photo, fingerprint, gallery: everyone });
}

export function fromItem(item: Record<string, AttributeValue>): Photo {
  const { fingerprint: _fingerprint, gallery: _gallery, ...photo } = unmarshall(item);
  return photo as Photo;
}
