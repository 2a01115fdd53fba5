import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
} from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import type { Inputs, ServiceTable } from "../engine/resource";
import { request } from "./request";
import { bucketSetting } from "./s3-setting";

type Notification = Inputs<aws.s3.BucketNotificationArgs>;

/** What a notification of any kind says of the objects it is for. */
interface Selection {
  readonly events: string[];
  readonly filterPrefix?: string;
  readonly filterSuffix?: string;
  readonly id?: string;
}

function selectionOf({ events, filterPrefix, filterSuffix, id }: Selection) {
  const rules = [
    { Name: "prefix", Value: filterPrefix },
    { Name: "suffix", Value: filterSuffix },
  ].filter(({ Value }) => Value !== undefined);
  return { Id: id, Events: events, Filter: rules.length > 0 ? { Key: { FilterRules: rules } } : undefined };
}

function configurationOf({ eventbridge, lambdaFunctions, queues, topics }: Notification) {
  return {
    EventBridgeConfiguration: eventbridge ? {} : undefined,
    LambdaFunctionConfigurations: lambdaFunctions?.map(({ lambdaFunctionArn, ...selection }) => ({
      ...selectionOf(selection),
      LambdaFunctionArn: lambdaFunctionArn,
    })),
    QueueConfigurations: queues?.map(({ queueArn, ...selection }) => ({
      ...selectionOf(selection),
      QueueArn: queueArn,
    })),
    TopicConfigurations: topics?.map(({ topicArn, ...selection }) => ({
      ...selectionOf(selection),
      TopicArn: topicArn,
    })),
  };
}

/** Whom a bucket tells of its objects. */
export const notification: ServiceTable = {
  "aws:s3/bucketNotification:BucketNotification": bucketSetting<aws.s3.BucketNotificationArgs>({
    put: (Bucket, inputs, client) =>
      client.send(
        new PutBucketNotificationConfigurationCommand(
          request({ Bucket, NotificationConfiguration: configurationOf(inputs) }),
        ),
      ),
    async get(Bucket, client) {
      const { $metadata, ...found } = await client.send(
        new GetBucketNotificationConfigurationCommand({ Bucket }),
      );
      return Object.values(found).some((part) => part !== undefined) ? found : undefined;
    },
    remove: (Bucket, _inputs, client) =>
      client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} })),
  }),
};
