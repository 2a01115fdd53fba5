import * as secretsManager from "@aws-sdk/client-secrets-manager";
import * as aws from "@pulumi/aws";
import type { SecretsManagerRotationEvent } from "aws-lambda";
import { EncryptionKey } from "../../../../components/encryption-key";
import { LambdaFunction } from "../../../../components/function";
import { Table } from "../../../../components/table";
import { UserPool } from "../../../../components/user-pool";

/** Lists of what functions were told, by email address or rotation. */
const told = new Table("told", { attributes: { id: "S" }, key: { partition: "id" } });

/** Answers how much was noted so far. */
async function note(id: string, event: object): Promise<number> {
  const { Attributes } = await told.sdk.UpdateItem({
    Key: { id: { S: id } },
    UpdateExpression: "SET events = list_append(if_not_exists(events, :none), :event)",
    ExpressionAttributeValues: { ":none": { L: [] }, ":event": { L: [{ S: JSON.stringify(event) }] } },
    ReturnValues: "ALL_NEW",
  });
  return Attributes?.events?.L?.length ?? 0;
}

const users = new UserPool("users", { callbackUrls: ["https://photos.example/in"] });
const welcome = users.on("postConfirmation", async (event) => {
  const { email = "" } = event.request.userAttributes;
  await note(email, event);
  if (email.startsWith("unlucky")) {
    throw new Error("no mail today");
  }
  return event;
});

const key = new EncryptionKey("key");
const secret = new aws.secretsmanager.Secret("secret", { kmsKeyId: key.arn, recoveryWindowInDays: 0 });

/** Rotates the secret; the third step fails at first. */
const rotate = new LambdaFunction<SecretsManagerRotationEvent, void>("rotate", {
  handler: async ({ Step, SecretId, ClientRequestToken }) => {
    const count = await note(ClientRequestToken, { Step, SecretId, ClientRequestToken });
    const secrets = new secretsManager.SecretsManagerClient({});
    if (Step === "createSecret") {
      const value = { SecretString: `made for ${ClientRequestToken}`, VersionStages: ["AWSPENDING"] };
      const version = { SecretId, ClientRequestToken };
      await secrets.send(new secretsManager.PutSecretValueCommand({ ...version, ...value }));
    }
    if (Step === "testSecret" && count === 3) {
      throw new Error("not yet");
    }
    if (Step === "finishSecret") {
      const describe = new secretsManager.DescribeSecretCommand({ SecretId });
      const labels = Object.entries((await secrets.send(describe)).VersionIdsToStages ?? {});
      const move = new secretsManager.UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: "AWSCURRENT",
        MoveToVersionId: ClientRequestToken,
        RemoveFromVersionId: labels.find(([, stages]) => stages.includes("AWSCURRENT"))?.[0],
      });
      await secrets.send(move);
    }
  },
  statements: [
    {
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: secret.arn,
    },
    { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key.arn },
  ],
});
const permission = new aws.lambda.Permission("rotate", {
  function: rotate.name,
  action: "lambda:InvokeFunction",
  principal: "secretsmanager.amazonaws.com",
  sourceArn: secret.arn,
});
new aws.secretsmanager.SecretRotation(
  "rotation",
  {
    secretId: secret.id,
    rotationLambdaArn: rotate.arn,
    rotationRules: { automaticallyAfterDays: 30 },
  },
  { dependsOn: [permission, rotate.nodes.policy] },
);

export const poolId = users.id;
export const clientId = users.clientId;
export const welcomeArn = welcome.arn;
export const secretArn = secret.arn;
export const rotateArn = rotate.arn;
export const toldTable = told.name;
