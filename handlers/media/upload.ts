import * as crypto from "node:crypto";

/** Largest picture, in bytes. */
export const maximumUploadBytes = 20 * 1024 * 1024;

/** How long a form may be sent after it was handed out. */
export const formSeconds = 300;

/** Where users' uploads are in the bucket, and what is made of them. */
export const uploadsPrefix = "uploads/";
export const renditionsPrefix = "renditions/";

/** An object that a user has uploaded. */
export interface Upload {
  readonly owner: string;
  readonly photo: string;
  /** Grows, as text, with the time at which the form was handed out. */
  readonly id: string;
}

export function newUpload(owner: string, photo: string): Upload {
  const time = Date.now().toString(16).padStart(12, "0");
  return { owner, photo, id: `${time}${crypto.randomBytes(8).toString("hex")}` };
}

export function uploadKey({ owner, photo, id }: Upload): string {
  return `${uploadsPrefix}${owner}/${photo}/${id}`;
}

/** The upload that a key names; undefined for a key that `uploadKey` never makes. */
export function uploadOf(key: string): Upload | undefined {
  const [, owner, photo, id] = /^uploads\/([^/]+)\/([\da-f-]{36})\/([\da-f]{28})$/.exec(key) ?? [];
  return owner && photo && id ? { owner, photo, id } : undefined;
}

/**
 * The revision that an object is: of two, the later upload is the greater text and, of one form that was sent twice,
 * the later object. S3's sequencers compare as text once the shorter is filled up with zeros.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function revisionOf({ id }: Upload, sequencer: string): string {
  return `${id}-${sequencer.padEnd(32, "0")}`;
}
