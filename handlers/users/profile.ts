import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";

/** The longest name, in characters. */
export const longestName = 60;

/** Characters that no name has: controls, and those that would turn or hide the text around it. */
const unprintable = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u;

/** Whether the text may be somebody's name. */
export const isName = (text: string): boolean =>
  text.trim() !== "" && text.length <= longestName && !unprintable.test(text) && !/[<>]/.test(text);

/** A name as users give it. */
const nameSchema = () =>
  z.string().trim().min(1).max(longestName).refine(isName, "must not hold control characters, < or >");

/** E.164. @see https://www.itu.int/rec/T-REC-E.164 */
const phoneSchema = () => z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a number such as +441632960000");

/** What a user is shown of their profile. */
export const profileSchema = () =>
  z
    .object({
      user: z.string().describe("`sub`"),
      email: z.string(),
      name: z.string(),
      about: z.string(),
      newsletter: z.boolean().describe("Wants mails besides those about their own account"),
      phone: z.string().optional().describe("Gets text messages there"),
      version: z.int().describe("Counts changes; a change must name the version it is made on"),
      registeredAt: z.iso.datetime(),
    })
    .meta({ id: "Profile" });
export type Profile = z.infer<ReturnType<typeof profileSchema>>;

/** What anyone whom a user does not know is shown. */
export const publicProfileSchema = () =>
  profileSchema().pick({ user: true, name: true, about: true }).meta({ id: "PublicProfile" });

export const profileChangeSchema = () =>
  z
    .strictObject({
      version: z
        .int()
        .min(1)
        .max(2 ** 31)
        .describe("The version that the change is made on"),
      name: nameSchema().optional(),
      about: z
        .string()
        .trim()
        .max(1000)
        .refine((text) => !/\p{Surrogate}/u.test(text), "holds half of a character (a lone surrogate)")
        .optional(),
      newsletter: z.boolean().optional(),
      phone: phoneSchema().nullable().optional().describe("null for no text messages any more"),
    })
    .refine((change) => Object.keys(change).length > 1, "name at least one field to change")
    .meta({ id: "ProfileChange", minProperties: 2 });

/** An item of the table of profiles, whose key is the user. */
export interface ProfileItem extends Profile {
  /** Groups besides those that the user pool knows. */
  readonly groups?: readonly string[];
  /** The user has asked for the account to go; it is gone soon. */
  readonly removedAt?: string;
}

export const itemOf = (item: Record<string, AttributeValue>): ProfileItem => {
  const { groups, ...profile } = unmarshall(item);
  return { ...profile, ...(groups === undefined ? {} : { groups: [...groups] }) } as ProfileItem;
};

/** The item without what only the service itself uses. */
export function profileOf({ groups: _groups, removedAt: _removedAt, ...profile }: ProfileItem): Profile {
  return profile;
}
