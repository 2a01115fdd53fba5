import * as z from "zod";
import { routeContract } from "../../components/route-contract";
import { partnerSchema } from "./partner";
import { profileChangeSchema, profileSchema, publicProfileSchema } from "./profile";

const admins = { access: "user", group: "admins" } as const;

export const refreshTokens = routeContract({
  id: "refreshTokens",
  method: "POST",
  path: "/tokens",
  summary: "Get new tokens for a refresh token, which is what gives access",
  access: "anyone",
  body: () =>
    z.strictObject({ refreshToken: z.string().min(1).max(8192) }).meta({ id: "RefreshTokenRequest" }),
  responses: {
    200: {
      description: "New tokens; the refresh token stays good",
      schema: () =>
        z
          .object({
            accessToken: z.string(),
            idToken: z.string(),
            expiresIn: z.int().describe("Seconds"),
            tokenType: z.literal("Bearer"),
          })
          .meta({ id: "Tokens" }),
    },
    401: { description: "Not a refresh token of this client, or no longer good" },
  },
});

export const readProfile = routeContract({
  id: "readProfile",
  method: "GET",
  path: "/profile",
  summary: "Read one's own profile",
  access: "user",
  responses: {
    200: { description: "The profile", schema: profileSchema },
    404: { description: "The user has none, or has asked to be removed" },
  },
});

export const changeProfile = routeContract({
  id: "changeProfile",
  method: "PATCH",
  path: "/profile",
  summary: "Change one's own profile",
  access: "user",
  body: profileChangeSchema,
  responses: {
    200: { description: "The profile as changed", schema: profileSchema },
    404: { description: "The user has none, or has asked to be removed" },
    409: { description: "The profile has changed since the version named" },
  },
});

export const removeAccount = routeContract({
  id: "removeAccount",
  method: "DELETE",
  path: "/account",
  summary: "Delete one's own account with everything that belongs to it",
  access: "user",
  responses: { 202: { description: "It is being deleted" } },
});

export const listUsers = routeContract({
  id: "listUsers",
  method: "GET",
  path: "/users",
  summary: "List users",
  ...admins,
  query: () =>
    z.strictObject({
      limit: z.coerce.number().int().min(1).max(60).default(20).describe("Most users of a page"),
      cursor: z.string().max(2048).optional().describe("`cursor` of the page before"),
      email: z.string().min(1).max(254).optional().describe("Only users whose address begins so"),
    }),
  responses: {
    200: {
      description: "A page of users",
      schema: () =>
        z
          .object({
            users: z.array(
              z
                .object({
                  user: z.string().describe("`sub`"),
                  email: z.string().optional(),
                  emailVerified: z.boolean(),
                  status: z.string().optional(),
                  enabled: z.boolean().optional(),
                  createdAt: z.iso.datetime().optional(),
                })
                .meta({ id: "User" }),
            ),
            cursor: z.string().optional().describe("Ask with it for the next page; absent on the last"),
          })
          .meta({ id: "UserPage" }),
    },
  },
});

export const addPartner = routeContract({
  id: "addPartner",
  method: "POST",
  path: "/partners",
  summary: "Take in a partner and make its key",
  ...admins,
  body: () => z.strictObject({ name: z.string().trim().min(1).max(100) }).meta({ id: "NewPartner" }),
  responses: {
    201: {
      description: "The partner, with the key, which is not shown again",
      schema: () => partnerSchema().extend({ key: z.string() }).meta({ id: "PartnerWithKey" }),
    },
  },
});

export const listPartners = routeContract({
  id: "listPartners",
  method: "GET",
  path: "/partners",
  summary: "List partners",
  ...admins,
  responses: {
    200: {
      description: "All partners",
      schema: () => z.object({ partners: z.array(partnerSchema()) }).meta({ id: "Partners" }),
    },
  },
});

export const removePartner = routeContract({
  id: "removePartner",
  method: "DELETE",
  path: "/partners/{id}",
  summary: "End a partner's access",
  ...admins,
  pathParameters: () => z.strictObject({ id: z.string().min(1).max(64) }),
  responses: { 204: { description: "Ended, or there was none" } },
});

export const showProfile = routeContract({
  id: "showProfile",
  method: "GET",
  path: "/partner/profiles/{user}",
  summary: "Read what is public of a user's profile",
  access: "partner",
  pathParameters: () => z.strictObject({ user: z.string().min(1).max(128) }),
  responses: {
    200: { description: "The public part", schema: publicProfileSchema },
    404: { description: "No such user" },
  },
});

/** All routes of the service. */
export const userRoutes = {
  refreshTokens,
  readProfile,
  changeProfile,
  removeAccount,
  listUsers,
  addPartner,
  listPartners,
  removePartner,
  showProfile,
};
