import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { hashOf, makeKey, type Partner, type PartnerItem } from "./partner";
import { addPartner, listPartners, removePartner } from "./routes";

/** Takes in a partner; the answer is the only place that ever has the key. */
export const add = (partners: TableClient) =>
  endpoint(addPartner, async ({ user, body: { name } }) => {
    const { id, key } = makeKey();
    const partner: Partner = { id, name, createdBy: user, createdAt: new Date().toISOString() };
    await partners.PutItem({ Item: marshall({ ...partner, keyHash: hashOf(key) } satisfies PartnerItem) });
    return { status: 201, headers: { "cache-control": "no-store" }, body: { ...partner, key } };
  });

/** All partners: there are few. */
export const list = (partners: TableClient) =>
  endpoint(listPartners, async () => {
    const found: Partner[] = [];
    let ExclusiveStartKey: Awaited<ReturnType<typeof partners.Scan>>["LastEvaluatedKey"];
    do {
      const { Items = [], LastEvaluatedKey } = await partners.Scan({ ExclusiveStartKey });
      for (const item of Items) {
        const { keyHash: _keyHash, ...partner } = unmarshall(item) as PartnerItem;
        found.push(partner);
      }
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return { status: 200, body: { partners: found.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)) } };
  });

/** Ends a partner's access; what the authorizer has answered stays good for as long as it is kept. */
export const remove = (partners: TableClient) =>
  endpoint(removePartner, async ({ path: { id } }) => {
    await partners.DeleteItem({ Key: marshall({ id }) });
    return { status: 204 };
  });
