import * as crypto from "node:crypto";

/** Keys that are kept as they are; others by their hash. */
const plain = /^[\w./:@-]{1,200}$/;

/**
 * The name that a key's value has in the server. What stands in braces decides where a cluster keeps it, so names that
 * begin with it are kept together.
 */
export function nameOf(prefix: string, key: string): string {
  if (typeof key !== "string" || key === "") {
    throw Object.assign(new Error("A cache's key is a text of at least one character."), {
      name: "InvalidKey",
    });
  }
  // As JSON, which spells out what is no character, so that no two keys have the same bytes.
  const hash = () => crypto.createHash("sha256").update(JSON.stringify(key)).digest("base64url");
  return `${prefix}:{${plain.test(key) ? key : `#${hash()}`}}`;
}
