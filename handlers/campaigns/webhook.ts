import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { SecretClient } from "../../components/sdk/secrets-manager";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { reportNoter } from "./report";
import { mailWebhook } from "./routes";
import { rememberSeconds, signatureVerifier } from "./signing";

/**
 * Notes a signed report of the mail service. Reports come late, twice and in any order: one that tells nothing new
 * changes nothing. Whoever waits for the report hears of it by the table's stream. A signature is noted as used only
 * when that is done, so that a report which failed can be delivered again.
 */
export const webhook = (campaigns: TableClient, signatures: TableClient, signing: SecretClient) => {
  const verify = signatureVerifier(signing);
  const note = reportNoter(campaigns);
  const isUsed = async (signature: string): Promise<boolean> => {
    const { Item } = await signatures.GetItem({ Key: marshall({ signature }), ConsistentRead: true });
    return Item !== undefined;
  };
  const use = async (signature: string): Promise<boolean> => {
    const expiresAt = Math.floor(Date.now() / 1000) + rememberSeconds;
    try {
      await signatures.PutItem({
        Item: marshall({ signature, expiresAt }),
        ConditionExpression: "attribute_not_exists(#signature)",
        ExpressionAttributeNames: { "#signature": "signature" },
      });
      return true;
    } catch (error) {
      if (error instanceof ddb.ConditionalCheckFailedException) {
        return false;
      }
      throw error;
    }
  };
  return endpoint(mailWebhook, async ({ path: { campaign: id }, body, headers, rawBody }) => {
    const signature = await verify(headers["mail-signature"], rawBody);
    if (signature === undefined) {
      throw problem(401, "The request is not signed by the mail service.");
    }
    if (await isUsed(signature)) {
      throw problem(409, "This very report was delivered before.");
    }
    const campaign = await note(id, body.campaign, body);
    if (!campaign || (campaign.mailId ?? body.campaign) !== body.campaign) {
      throw problem(404, `There is no campaign ${id} that the mail service has as ${body.campaign}.`);
    }
    if (!(await use(signature))) {
      throw problem(409, "This very report was delivered before.");
    }
    return { status: 200 };
  });
};
