import type { Body } from "../front-door/body";
import type { Fields } from "../front-door/fields";

/** More than any request or answer that completions look into has: a secret's value ends at 64 KB. */
const LARGEST_BYTES = 1024 * 1024;

/** The object in a JSON body; empty when there is none, or one that nobody sent. */
export async function jsonOf(body: Body): Promise<Fields> {
  return jsonIn((await body.whole(LARGEST_BYTES))?.toString() ?? "") ?? {};
}

/** The object that a text holds as JSON. */
export function jsonIn(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** A field that holds text. */
export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
