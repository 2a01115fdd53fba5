import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Authorization, AuthorizationRequest } from "../../components/lambda-authorizer";
import type { TableClient } from "../../components/sdk/dynamodb";
import { idIn, isKey, type PartnerItem } from "./partner";

/** Lets in whose `x-api-key` is a partner's, and tells routes which. */
export const authorizePartner =
  (partners: TableClient) =>
  async ({ headers }: AuthorizationRequest): Promise<Authorization> => {
    const key = headers?.["x-api-key"] ?? "";
    const id = idIn(key);
    // An answer is kept: a partner who is new must not be refused for as long.
    const { Item } =
      id === undefined ? {} : await partners.GetItem({ Key: marshall({ id }), ConsistentRead: true });
    const partner = Item && (unmarshall(Item) as PartnerItem);
    const isAuthorized = partner !== undefined && isKey(key, partner.keyHash);
    return { isAuthorized, context: isAuthorized ? { partner: partner.id } : {} };
  };
