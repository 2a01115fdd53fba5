import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { PictureState, RenditionMade } from "./events";

/** A rendition, and the object that holds it. */
export interface StoredRendition extends Omit<RenditionMade, "name"> {
  readonly key: string;
}

/** The picture of a photo as the table has it; its key is `owner` and `photo`. */
export interface PictureRecord {
  readonly owner: string;
  readonly photo: string;
  readonly state: PictureState;
  readonly revision: string;
  /** The object that the user uploaded, and which content of it. */
  readonly upload: string;
  readonly eTag: string;
  readonly renditions: Readonly<Record<string, StoredRendition>>;
  readonly reason?: string;
  readonly changedAt: string;
  /** The owner, as long as the picture is not ready: the partition of the index `pending`. */
  readonly pending?: string;
}

export function pictureOf(item: Record<string, AttributeValue>): PictureRecord {
  return unmarshall(item) as PictureRecord;
}

/** The renditions as others see them, in the order of their names. */
export function renditionsOf({ renditions }: PictureRecord): RenditionMade[] {
  return Object.entries(renditions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { width, height, sizeBytes }]) => ({
      name: name as RenditionMade["name"],
      width,
      height,
      sizeBytes,
    }));
}
