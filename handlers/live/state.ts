import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { nowSeconds } from "./clock";
import type { Picture, Progress } from "./picture";

/** An item of the table of states, whose key is the user and the photo. */
interface State extends Picture {
  readonly user: string;
  readonly progress: string;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** How long a client may be away and still be told what has become of its uploads. */
const keptSeconds = 86_400;

/**
 * Stores how far a picture is, unless it is known to be further. Answers what is then to be told: the picture, the
 * same where the event came before, since its clients may not have been reached then; or nothing for an older event.
 */
export const stateWriter =
  (states: TableClient) =>
  async ({ user, picture, progress }: Progress): Promise<Picture | undefined> => {
    const changedAt = Date.now();
    const expiresAt = nowSeconds() + keptSeconds;
    try {
      await states.PutItem({
        Item: marshall({ user, ...picture, progress, changedAt, expiresAt } satisfies State, {
          removeUndefinedValues: true,
        }),
        ConditionExpression: "attribute_not_exists(#photo) OR #progress < :progress",
        ExpressionAttributeNames: { "#photo": "photo", "#progress": "progress" },
        ExpressionAttributeValues: marshall({ ":progress": progress }),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return picture;
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException && error.Item)) {
        throw error;
      }
      const stored = stateOf(error.Item);
      return stored.progress === progress ? pictureOf(stored) : undefined;
    }
  };

/** Reads all pictures of a user that have not expired, the one that changed first before the others. */
export const statesReader =
  (states: TableClient) =>
  async (user: string): Promise<Picture[]> => {
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
    return found.sort((a, b) => a.changedAt - b.changedAt).map(pictureOf);
  };

const stateOf = (item: Record<string, ddb.AttributeValue>) => unmarshall(item) as State;

function pictureOf({
  user: _user,
  progress: _progress,
  changedAt: _changed,
  expiresAt: _expires,
  ...picture
}: State): Picture {
  return picture;
}
