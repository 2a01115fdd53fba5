import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bind } from "./sdk/bind";
import { type SenderClient, senderMethods } from "./sdk/ses";

export interface EmailSenderArgs {
  /** Who mails are from: `Name <address>`, or the address alone. */
  readonly from: string;
}

/** The sender's address cannot be read. */
export class InvalidSender extends pulumi.RunError {}

/**
 * Sends mails by SES in the name of one address; the identity is its domain, which the domain's owner has to verify by
 * the DKIM records that SES asks for.
 * @see https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
 */
export class EmailSender extends pulumi.ComponentResource {
  readonly sdk: SenderClient;
  /** `Name <address>`, or the address alone. */
  readonly from: string;
  readonly nodes: { readonly identity: aws.sesv2.EmailIdentity };

  constructor(name: string, { from }: EmailSenderArgs, opts?: pulumi.ComponentResourceOptions) {
    const [, address = from] = /^[^<>\r\n]*<([^<>]*)>$/.exec(from) ?? [];
    const [, domain] = /^[^\s<>@]+@([a-z0-9.-]+\.[a-z][a-z0-9-]*)$/i.exec(address) ?? [];
    if (domain === undefined) {
      throw new InvalidSender(`${name}: from is ${JSON.stringify(from)}; it must be "Name <address@domain>"`);
    }
    super("gallery:messaging:EmailSender", name, {}, opts);
    const identity = new aws.sesv2.EmailIdentity(name, { emailIdentity: domain }, { parent: this });
    this.sdk = bind(senderMethods, {
      owner: `sender "${name}"`,
      name,
      arn: identity.arn,
      target: { FromEmailAddress: from },
    });
    this.from = from;
    this.nodes = { identity };
    this.registerOutputs();
  }
}
