import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { deliveriesReader, deliveriesWriter } from "./delivery";
import { progressNoter } from "./progress";
import { subscribersReader } from "./recipient";
import type { RunStart } from "./run";

/**
 * Settles whom a campaign goes to: everybody who has subscribed by now. Once their number is noted, it is settled; an
 * attempt that ended before leaves what the next goes on with.
 */
export const gather = (campaigns: TableClient, recipients: TableClient, deliveries: TableClient) => {
  const subscribers = subscribersReader(recipients);
  const deliveriesOf = deliveriesReader(deliveries);
  const { put } = deliveriesWriter(deliveries);
  const note = progressNoter(campaigns);
  return async ({ id }: RunStart): Promise<void> => {
    const { Item } = await campaigns.GetItem({ Key: marshall({ id }), ConsistentRead: true });
    if (Item?.recipients !== undefined) {
      return;
    }
    const found = await subscribers();
    await put(found.map(({ user }) => ({ campaign: id, user })));
    await note(id, { recipients: (await deliveriesOf(id)).length });
  };
};
