import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { ParameterClient } from "../../components/sdk/ssm";
import { htmlOf } from "../mail-text";
import { namedError } from "../named-error";
import { recordOf } from "./campaign";
import { deliveriesReader, deliveriesWriter } from "./delivery";
import { mailService } from "./mail-service";
import { progressNoter } from "./progress";
import { subscribersReader } from "./recipient";
import { reportNoter, reportOf } from "./report";
import type { MailReport, RunStart } from "./run";

/**
 * Asks the mail service to send a campaign, by the campaign's id, so that asking again sends nothing twice. Whoever has
 * left or unsubscribed since it was settled whom it goes to is left out; where nobody remains, it is a success already.
 * `WEBHOOK_URL`, with a slash at its end, is where the service's API answers.
 */
export const ask = (
  campaigns: TableClient,
  recipients: TableClient,
  deliveries: TableClient,
  mailUrl: string,
  apiKey: ParameterClient,
) => {
  const mail = mailService(mailUrl, apiKey);
  const subscribers = subscribersReader(recipients);
  const deliveriesOf = deliveriesReader(deliveries);
  const { remove } = deliveriesWriter(deliveries);
  const note = progressNoter(campaigns);
  const noteReport = reportNoter(campaigns);
  return async ({ id }: RunStart): Promise<MailReport> => {
    const { Item } = await campaigns.GetItem({ Key: marshall({ id }), ConsistentRead: true });
    if (!Item) {
      throw namedError("CampaignMissing", `There is no campaign ${id}.`);
    }
    const { subject, text } = recordOf(Item);
    const settled = new Map((await deliveriesOf(id)).map((delivery) => [delivery.user, delivery]));
    const asked = (await subscribers()).filter(({ user }) => settled.delete(user));
    await remove([...settled.values()]);
    if (asked.length === 0) {
      await note(id, { recipients: 0 });
      return { status: "success", sequence: 0 };
    }
    const answer = await mail.send(
      {
        subject,
        text,
        html: htmlOf(text),
        recipients: asked.map(({ email, name }) => ({ email, ...(name !== "" && { name }) })),
        webhookUrl: `${process.env.WEBHOOK_URL}webhooks/mail/${id}`,
      },
      id,
    );
    await note(id, { status: "pending", mailId: answer.id, recipients: asked.length });
    const campaign = await noteReport(id, answer.id, answer);
    return campaign ? reportOf(campaign) : answer;
  };
};
