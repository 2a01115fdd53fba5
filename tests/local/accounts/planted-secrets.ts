import * as fs from "node:fs";
import * as path from "node:path";
import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { deployer } from "../gallery-client";
import type { RunningCloud } from "../local-cloud";

/** What must be nowhere but in its store: name → value. */
export async function plantedSecrets(cloud: RunningCloud): Promise<ReadonlyMap<string, string>> {
  const planted = new Map<string, string>();
  const ssm = new SSMClient(deployer(cloud));
  for (const Name of ["/gallery/dev/mail-api-key", "/gallery/dev/oidc-client-secret"]) {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    planted.set(Name, Parameter?.Value ?? "");
  }
  const secrets = new SecretsManagerClient(deployer(cloud));
  const SecretId = "gallery/dev/mail-signing";
  for (const VersionStage of ["AWSCURRENT", "AWSPREVIOUS"]) {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId, VersionStage }));
    planted.set(`${SecretId} ${VersionStage}`, SecretString ?? "");
  }
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({ MaxResults: 100 }));
  const { ARN = "" } = SecretList.find(({ Name = "" }) => Name.startsWith("rds!")) ?? {};
  const { SecretString: master = "{}" } = await secrets.send(new GetSecretValueCommand({ SecretId: ARN }));
  planted.set("the database's password", JSON.parse(master).password ?? "");
  for (const [name, value] of planted) {
    if (value.length < 20) {
      throw new Error(`${name} is ${value.length} characters long: too short to be looked for`);
    }
  }
  return planted;
}

/** Where a secret is that should not be: `<place>: <name of the secret>`. */
export async function findSecrets(
  cloud: RunningCloud,
  secrets: ReadonlyMap<string, string>,
): Promise<string[]> {
  const found = new Set<string>();
  let places = 0;
  const look = (place: string, text: string) => {
    places += 1;
    for (const [name, value] of secrets) {
      if (
        [value, Buffer.from(value).toString("base64"), encodeURIComponent(value)].some((form) =>
          text.includes(form),
        )
      ) {
        found.add(`${place}: ${name}`);
      }
    }
  };

  const lambda = new LambdaClient(deployer(cloud));
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    for (const { FunctionName, Environment } of Functions) {
      look(`environment of ${FunctionName}`, JSON.stringify(Environment ?? {}));
    }
  }
  const logs = new CloudWatchLogsClient(deployer(cloud));
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {})) {
    for (const { logGroupName } of logGroups) {
      for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, { logGroupName })) {
        look(`log ${logGroupName}`, events.map(({ message }) => message).join("\n"));
      }
    }
  }
  look("what npm start has printed", cloud.output());
  const root = path.resolve(__dirname, "../../..");
  for (const file of [
    ...filesBelow(cloud.stateDir),
    ...filesBelow(path.join(root, "node_modules/.cache/gallery")),
  ]) {
    look(file, fs.readFileSync(file, "latin1"));
  }
  if (places < 150) {
    throw new Error(`Only ${places} places were looked at`);
  }
  return [...found];
}

/** The emulator's data are the stores themselves, as they are in AWS's own keeping. */
function filesBelow(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      return /kept\/[^/]+\/data$/.test(full) ? [] : filesBelow(full);
    }
    return entry.isFile() ? [full] : [];
  });
}
