import * as crypto from "node:crypto";

/** Where a page ended: the sort key and id of its last photo. */
export interface Position {
  readonly publishedAt: string;
  readonly id: string;
}

/**
 * Tells a damaged cursor from a whole one; anyone can make one, but it gives access to nothing that the list does
 * not, and holds no position that DynamoDB would refuse.
 */
const digest = (text: string) => crypto.createHash("sha256").update(text).digest("base64url").slice(0, 10);

export function encodeCursor({ publishedAt, id }: Position): string {
  const text = Buffer.from(JSON.stringify([publishedAt, id])).toString("base64url");
  return `${text}.${digest(text)}`;
}

/** The position of a cursor; undefined when the text is none of `encodeCursor`'s. */
export function decodeCursor(cursor: string): Position | undefined {
  const [text = "", check] = cursor.split(".");
  if (check !== digest(text)) {
    return undefined;
  }
  try {
    const [publishedAt, id] = JSON.parse(Buffer.from(text, "base64url").toString());
    const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(publishedAt);
    const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id);
    return isTime && isUuid ? { publishedAt, id } : undefined;
  } catch {
    return undefined;
  }
}
