import * as z from "zod";
import { routeContract } from "../../components/route-contract";
import { campaignSchema, mailStatuses, newCampaignSchema } from "./campaign";

const group = "admins";

export const startCampaign = routeContract({
  id: "startCampaign",
  method: "POST",
  path: "/campaigns",
  summary: "Start a mail campaign to everybody who has subscribed to the newsletter",
  access: "user",
  group,
  headers: {
    "idempotency-key": {
      description: "A request repeated with the same key and body starts one campaign.",
      required: false,
      schema: () => z.string().min(1).max(128),
    },
  },
  body: newCampaignSchema,
  responses: {
    202: {
      description: "Started; its status tells how far it is",
      schema: campaignSchema,
      headers: { location: "Where the campaign is, relative to this request" },
    },
    409: { description: "The idempotency key was used with another body" },
  },
});

export const listCampaigns = routeContract({
  id: "listCampaigns",
  method: "GET",
  path: "/campaigns",
  summary: "List campaigns, newest first",
  access: "user",
  group,
  query: () =>
    z.strictObject({
      limit: z.coerce.number().int().min(1).max(100).default(20).describe("Most campaigns of a page"),
      cursor: z.string().max(512).optional().describe("`cursor` of the page before"),
    }),
  responses: {
    200: {
      description: "A page of campaigns",
      schema: () =>
        z
          .object({
            campaigns: z.array(campaignSchema()),
            cursor: z.string().optional().describe("Ask with it for the next page; absent on the last"),
          })
          .meta({ id: "CampaignPage" }),
    },
  },
});

export const readCampaign = routeContract({
  id: "readCampaign",
  method: "GET",
  path: "/campaigns/{id}",
  summary: "Read one campaign",
  access: "user",
  group,
  pathParameters: () => z.strictObject({ id: z.uuid() }),
  responses: {
    200: { description: "The campaign", schema: campaignSchema },
    404: { description: "No such campaign" },
  },
});

/** What the mail service tells a webhook. It may come to tell more than we know of. */
export const mailReportSchema = () =>
  z
    .object({
      delivery: z.string().min(1).max(128).describe("The same when the report is delivered again"),
      campaign: z.string().min(1).max(128).describe("The mail service's id of the campaign"),
      status: z.enum(mailStatuses),
      sequence: z
        .int()
        .min(1)
        .max(2 ** 31)
        .describe("Counts the reports on a campaign from 1"),
      at: z.iso.datetime({ offset: true }),
    })
    .meta({ id: "MailReport" });

export const mailWebhook = routeContract({
  id: "mailWebhook",
  method: "POST",
  path: "/webhooks/mail/{campaign}",
  summary:
    "Report how far a campaign is, for the mail service alone: the report's signature is its authorisation",
  access: "anyone",
  pathParameters: () => z.strictObject({ campaign: z.uuid() }),
  headers: {
    "mail-signature": {
      description:
        "`t=<Unix seconds>,v1=<HMAC-SHA256 of t, a dot and the body, in hexadecimal>`; without it the answer is 401.",
      required: false,
      schema: () => z.string().max(1024),
    },
  },
  body: mailReportSchema,
  responses: {
    200: { description: "Noted, now or before" },
    401: { description: "The signature is none of this minute's and of the mail service's" },
    404: { description: "No such campaign, or the mail service has it under another id" },
    409: { description: "The same signature was used before" },
  },
});

/** All routes of the service. */
export const campaignRoutes = { startCampaign, listCampaigns, readCampaign, mailWebhook };
