import * as crypto from "node:crypto";

/** The header `mail-signature`: when it was made, in Unix seconds, and by each secret an HMAC-SHA256 in hexadecimal. */
export interface Signature {
  readonly seconds: number;
  readonly macs: readonly string[];
}

/** Most secrets that one signs with at once. */
const maximumMacs = 5;

/** Reads `t=<seconds>,v1=<mac>`, with one `v1` or several; other fields are for others. Undefined for any other text. */
export function parseSignature(header: string): Signature | undefined {
  const fields = header.split(",").map((field) => {
    const [name = "", value = ""] = field.trim().split("=");
    return { name, value };
  });
  const valuesOf = (wanted: string) => fields.flatMap(({ name, value }) => (name === wanted ? [value] : []));
  const [time = "", ...otherTimes] = valuesOf("t");
  const macs = valuesOf("v1").map((mac) => mac.toLowerCase());
  const isWhole =
    otherTimes.length === 0 &&
    /^\d{1,11}$/.test(time) &&
    macs.length > 0 &&
    macs.length <= maximumMacs &&
    macs.every((mac) => /^[\da-f]{64}$/.test(mac));
  return isWhole ? { seconds: Number(time), macs } : undefined;
}

/** The signature's MAC that one of the secrets makes of the body; its time does not tell how nearly another fits. */
export function fitting(
  { seconds, macs }: Signature,
  body: string,
  secrets: readonly string[],
): string | undefined {
  const expected = secrets.map((secret) =>
    crypto.createHmac("sha256", secret).update(`${seconds}.${body}`).digest(),
  );
  return macs.find((mac) =>
    expected.some((digest) => crypto.timingSafeEqual(digest, Buffer.from(mac, "hex"))),
  );
}
