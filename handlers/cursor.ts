import * as crypto from "node:crypto";
import { problem } from "./problem";

/** Where a page of a list by time ended: the time and id of its last item. */
export interface Position {
  readonly time: string;
  readonly id: string;
}

/**
 * Tells a damaged cursor from a whole one; anyone can make one, but it gives access to nothing that the list does
 * not, and holds no position that DynamoDB would refuse.
 */
const digest = (text: string) => crypto.createHash("sha256").update(text).digest("base64url").slice(0, 10);

export function encodeCursor({ time, id }: Position): string {
  const text = Buffer.from(JSON.stringify([time, id])).toString("base64url");
  return `${text}.${digest(text)}`;
}

/** The position of a cursor; undefined when the text is none of `encodeCursor`'s. */
export function decodeCursor(cursor: string): Position | undefined {
  const [text = "", check] = cursor.split(".");
  if (check !== digest(text)) {
    return undefined;
  }
  try {
    const [time, id] = JSON.parse(Buffer.from(text, "base64url").toString());
    const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time);
    const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id);
    return isTime && isUuid ? { time, id } : undefined;
  } catch {
    return undefined;
  }
}

/** The position of a request's cursor; throws the 400 for any other text. */
export function positionOf(cursor: string): Position {
  const position = decodeCursor(cursor);
  if (!position) {
    throw problem(400, "The cursor is none that this list has given; ask again without one.", [
      { at: "query/cursor", message: "not a cursor of this list" },
    ]);
  }
  return position;
}
