import type * as aws from "@pulumi/aws";
import { arnOf } from "../graph";
import { invokes, type NeedsTable, needsOf } from "./need";

export const secretsManager: NeedsTable = {
  // https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
  "aws:secretsmanager/secretRotation:SecretRotation": needsOf<aws.secretsmanager.SecretRotationArgs>(
    ({ inputs: { secretId, rotationLambdaArn } }, graph) => {
      const secret = graph.find("aws:secretsmanager/secret:Secret", secretId);
      const because = `secret ${secret?.name} is rotated by it`;
      return invokes(rotationLambdaArn, "secretsmanager.amazonaws.com", arnOf(secret), because);
    },
  ),
};
