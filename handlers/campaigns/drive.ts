import * as ddb from "@aws-sdk/client-dynamodb";
import * as sfn from "@aws-sdk/client-sfn";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { StatesClient } from "../../components/sdk/states";
import { type CampaignRecord, recordOf } from "./campaign";
import { reportOf } from "./report";
import type { RunStart } from "./run";

/** The changes that `drive` has to do with: a new campaign, and any of one that waits. */
export const drivingChanges = [
  { eventName: ["INSERT"] },
  { dynamodb: { NewImage: { waiting: { M: { token: { S: [{ exists: true }] } } } } } },
];

/**
 * Keeps executions going by what becomes of campaigns: starts one for each that is new, and resumes one that waits as
 * soon as there is a report that it does not know. As it hears of every change, it does not matter which comes first,
 * the report or the waiting. Repeating any of it does no harm.
 */
export const drive = (campaigns: TableClient, machine: StatesClient) => {
  const begin = async ({ id, createdAt }: CampaignRecord) => {
    try {
      const input = JSON.stringify({ id, createdAt } satisfies RunStart);
      await machine.StartExecution({ name: id, input });
    } catch (error) {
      if (!(error instanceof sfn.ExecutionAlreadyExists)) {
        throw error;
      }
    }
  };

  const resume = async (campaign: CampaignRecord) => {
    const { id, waiting } = campaign;
    if (!waiting || campaign.sequence <= waiting.after) {
      return;
    }
    try {
      await machine.SendTaskSuccess({
        taskToken: waiting.token,
        output: JSON.stringify(reportOf(campaign)),
      });
    } catch (error) {
      // Resumed before, or no longer waited for: then nobody is to try that token again.
      if (!isStale(error)) {
        throw error;
      }
    }
    try {
      await campaigns.UpdateItem({
        Key: marshall({ id }),
        UpdateExpression: "REMOVE #waiting",
        ConditionExpression: "#waiting.#token = :token",
        ExpressionAttributeNames: { "#waiting": "waiting", "#token": "token" },
        ExpressionAttributeValues: marshall({ ":token": waiting.token }),
      });
    } catch (error) {
      // Meanwhile it waits by another token.
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
    }
  };

  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const failed: DynamoDBRecord[] = [];
    for (const record of Records) {
      const image = record.dynamodb?.NewImage;
      const campaign = image && recordOf(image as Record<string, ddb.AttributeValue>);
      try {
        if (campaign) {
          await (record.eventName === "INSERT" ? begin(campaign) : resume(campaign));
        }
      } catch (error) {
        console.error("a campaign could not go on", { id: campaign?.id, error });
        failed.push(record);
      }
    }
    // From the first on, all come again.
    return {
      batchItemFailures: failed
        .slice(0, 1)
        .map(({ dynamodb }) => ({ itemIdentifier: dynamodb?.SequenceNumber ?? "" })),
    };
  };
};

function isStale(error: unknown): boolean {
  return (
    error instanceof sfn.TaskTimedOut ||
    error instanceof sfn.TaskDoesNotExist ||
    error instanceof sfn.InvalidToken
  );
}
