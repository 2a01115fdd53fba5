import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface EncryptionKeyArgs {
  /** Keep the key when the stack goes, for what stays of its data, such as a last snapshot. @default false */
  readonly keep?: boolean;
}

/** A customer key of KMS, whose material AWS renews every year, with the alias `<project>-<stack>-<name>`. */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** What people and command lines name it by. */
  readonly alias: string;
  readonly nodes: { readonly key: aws.kms.Key; readonly alias: aws.kms.Alias };

  constructor(name: string, args: EncryptionKeyArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:security:EncryptionKey", name, {}, opts);
    const parent = { parent: this };
    const owner = `${pulumi.getProject()} ${pulumi.getStack()}`;
    // The policy is KMS's default: the account's IAM policies decide, and each function's is written from its code.
    const key = new aws.kms.Key(
      name,
      { description: `${name} of ${owner}`, enableKeyRotation: true, deletionWindowInDays: 30 },
      { ...parent, retainOnDelete: args.keep ?? false },
    );
    this.alias = `alias/${pulumi.getProject()}-${pulumi.getStack()}-${name}`;
    const alias = new aws.kms.Alias(`${name}-alias`, { name: this.alias, targetKeyId: key.keyId }, parent);
    this.arn = key.arn;
    this.nodes = { key, alias };
    this.registerOutputs({ arn: this.arn });
  }
}
