import * as crypto from "node:crypto";
import * as z from "zod";

/** A partner as administrators see it; the key itself is shown once and kept nowhere. */
export const partnerSchema = () =>
  z
    .object({
      id: z.string(),
      name: z.string(),
      createdBy: z.string().describe("`sub` of the administrator"),
      createdAt: z.iso.datetime(),
    })
    .meta({ id: "Partner" });
export type Partner = z.infer<ReturnType<typeof partnerSchema>>;

/** An item of the table of partners, whose key is the id. */
export interface PartnerItem extends Partner {
  /** SHA-256 of the key, in hex. The key is random and long: nobody finds it by trying, so no slower hash is needed. */
  readonly keyHash: string;
}

const prefix = "gallery";

/** A key and the id of its partner, which the key begins with. */
export function makeKey(): { readonly id: string; readonly key: string } {
  const id = crypto.randomBytes(9).toString("hex");
  return { id, key: `${prefix}_${id}_${crypto.randomBytes(24).toString("base64url")}` };
}

/** The id in what may be a key. */
export function idIn(key: string): string | undefined {
  return /^gallery_([\da-f]{18})_[\w-]{32}$/.exec(key)?.[1];
}

export const hashOf = (key: string): string => crypto.createHash("sha256").update(key).digest("hex");

/** Whether the key is the one with that hash; takes as long for a wrong one. */
export function isKey(key: string, keyHash: string): boolean {
  const [own, known] = [Buffer.from(hashOf(key)), Buffer.from(keyHash)];
  return own.length === known.length && crypto.timingSafeEqual(own, known);
}
