import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Value of the header `mail-signature`: when, in Unix seconds, and HMAC-SHA256 of `<seconds>.<body>` in hexadecimal. */
export function signatureOf(secret: string, body: string, seconds: number): string {
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${mac}`;
}

/** Compares without telling by its time how much of a guess is right, its length included. */
export function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
