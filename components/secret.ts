import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EncryptionKey } from "./encryption-key";
import { bind } from "./sdk/bind";
import { type ParameterClient, parameterMethods } from "./sdk/ssm";

export interface SecretArgs {
  /** What the value is encrypted with. */
  readonly key: EncryptionKey;
}

/**
 * A secret that others give us, such as the key of a service's API: a SecureString of Parameter Store at
 * `/<project>/<stack>/<name>`, which the stack names and never holds. An operator sets it, and sets it again to rotate
 * it, with `npm run secret -- set <name>`; functions read it at run time by `sdk` and see a change within a minute.
 */
export class Secret extends pulumi.ComponentResource {
  readonly sdk: ParameterClient;
  /** `/<project>/<stack>/<name>` */
  readonly parameterName: string;

  constructor(name: string, { key }: SecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:security:Secret", name, {}, opts);
    this.parameterName = `/${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
    // The key is where its secrets are, so no account needs to be looked up.
    const arn = key.arn.apply((keyArn) => {
      const [, partition, , region, account] = keyArn.split(":");
      return `arn:${partition}:ssm:${region}:${account}:parameter${this.parameterName}`;
    });
    this.sdk = bind(parameterMethods, {
      owner: `secret "${name}"`,
      name,
      arn,
      also: [
        {
          actions: ["kms:Decrypt"],
          resource: key.arn,
          // https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
          condition: { StringEquals: { "kms:EncryptionContext:PARAMETER_ARN": arn } },
        },
      ],
      target: { Name: this.parameterName, SetBy: commandFor("set", name) },
    });
    this.registerOutputs({ parameterName: this.parameterName });
  }

  /**
   * The value as it is at deployment, a Pulumi secret, for resources that must hold it themselves. Deploying fails where
   * it is not set. Functions read by `sdk` instead.
   */
  atDeployment(): pulumi.Output<string> {
    const { value } = aws.ssm.getParameterOutput({ name: this.parameterName, withDecryption: true });
    return pulumi.secret(value);
  }
}

/** What an operator types. */
export function commandFor(action: "set" | "rotate", name: string): string {
  return `npm run secret -- ${action} ${name} --stack ${pulumi.getStack()}`;
}
