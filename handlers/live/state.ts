import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { nowSeconds } from "./clock";
import type { Progress } from "./followed";
import type { ProgressMessage } from "./messages";

/** An item of the table of states, whose key is the user and the subject. */
interface State extends Progress {
  /** Milliseconds since 1970. */
  readonly changedAt: number;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** How long a client may be away and still be told what it has missed. */
const keptSeconds = 86_400;

/**
 * Stores how far something is, unless it is known to be further. Answers what is then to be told: the message, the one
 * stored where the event came before, since its clients may not have been reached then; or nothing for an older event.
 */
export const stateWriter =
  (states: TableClient) =>
  async (state: Progress): Promise<ProgressMessage | undefined> => {
    const changedAt = Date.now();
    const expiresAt = nowSeconds() + keptSeconds;
    try {
      await states.PutItem({
        Item: marshall({ ...state, changedAt, expiresAt } satisfies State, { removeUndefinedValues: true }),
        ConditionExpression: "attribute_not_exists(#subject) OR #progress < :progress",
        ExpressionAttributeNames: { "#subject": "subject", "#progress": "progress" },
        ExpressionAttributeValues: marshall({ ":progress": state.progress }),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return state.message;
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException && error.Item)) {
        throw error;
      }
      const stored = stateOf(error.Item);
      return stored.progress === state.progress ? stored.message : undefined;
    }
  };

/** Reads what is to be told to a user's clients and has not expired, what changed first before the others. */
export const statesReader =
  (states: TableClient) =>
  async (user: string): Promise<ProgressMessage[]> => {
    const found: State[] = [];
    let ExclusiveStartKey: Record<string, ddb.AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await states.Query({
        KeyConditionExpression: "#user = :user",
        FilterExpression: "#expiresAt > :now",
        ExpressionAttributeNames: { "#user": "user", "#expiresAt": "expiresAt" },
        ExpressionAttributeValues: marshall({ ":user": user, ":now": nowSeconds() }),
        ConsistentRead: true,
        ExclusiveStartKey,
      });
      found.push(...Items.map(stateOf));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return found.sort((a, b) => a.changedAt - b.changedAt).map(({ message }) => message);
  };

const stateOf = (item: Record<string, ddb.AttributeValue>) => unmarshall(item) as State;
