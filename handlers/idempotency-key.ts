import * as crypto from "node:crypto";

/** The id that a user's idempotency key stands for, as a UUID of version 8. */
export function idFor(user: string, key: string): string {
  const hex = crypto
    .createHash("sha256")
    .update(JSON.stringify([user, key]))
    .digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Differs between requests that differ in one of these values. */
export function fingerprintOf(...values: readonly unknown[]): string {
  return crypto.createHash("sha256").update(JSON.stringify(values)).digest("base64url");
}
