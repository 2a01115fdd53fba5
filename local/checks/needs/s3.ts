import type * as aws from "@pulumi/aws";
import { accepts, type NeedsTable, needsOf } from "./need";
import { sendingAction } from "./sending";

export const s3: NeedsTable = {
  "aws:s3/bucketNotification:BucketNotification": needsOf<aws.s3.BucketNotificationArgs>(
    ({ inputs }, graph) => {
      const { bucket, lambdaFunctions = [], queues = [], topics = [] } = inputs;
      const targets = [
        ...lambdaFunctions.map(({ lambdaFunctionArn }) => lambdaFunctionArn),
        ...queues.map(({ queueArn }) => queueArn),
        ...topics.map(({ topicArn }) => topicArn),
      ];
      const sourceArn = bucket && `arn:aws:s3:::${bucket}`;
      const name = graph.withArn(sourceArn ?? "")?.name ?? bucket;
      return targets.flatMap((target) => {
        const action = sendingAction(target ?? "");
        return action
          ? accepts(target, "s3.amazonaws.com", [action], sourceArn, `bucket ${name} tells it of objects`)
          : [];
      });
    },
  ),
};
