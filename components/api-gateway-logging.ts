import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trust } from "./iam";

/** What AWS asks the role to be allowed; it is about every log group, as the role serves every API of the account. */
const policyPath = "service-role/AmazonAPIGatewayPushToCloudWatchLogs";

/**
 * The role in which API Gateway writes the logs of WebSocket and REST APIs: a setting of the whole account and region,
 * without which AWS refuses a stage that logs. It stays when the stack goes, since other stacks' APIs may use it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export class ApiGatewayLogging extends pulumi.ComponentResource {
  readonly nodes: { readonly role: aws.iam.Role; readonly account: aws.apigateway.Account };

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:api:ApiGatewayLogging", name, {}, opts);
    const kept = { parent: this, retainOnDelete: true };
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: trust("apigateway.amazonaws.com") },
      kept,
    );
    const policy = new aws.iam.RolePolicyAttachment(
      `${name}-policy`,
      {
        role: role.name,
        policyArn: role.arn.apply((arn) => `arn:${arn.split(":")[1]}:iam::aws:policy/${policyPath}`),
      },
      kept,
    );
    const account = new aws.apigateway.Account(
      `${name}-account`,
      { cloudwatchRoleArn: role.arn },
      { ...kept, dependsOn: [policy] },
    );
    this.nodes = { role, account };
    this.registerOutputs();
  }
}
