import * as ses from "@aws-sdk/client-sesv2";
import { type Bound, service } from "./bind";

interface SenderTarget {
  /** `Name <address>` */
  readonly FromEmailAddress: string;
}

/** A mail to one address, with both forms of its content. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const { method } = service(() => new ses.SESv2Client({}));
const utf8 = (Data: string) => ({ Data, Charset: "UTF-8" });

/**
 * SES operations of a sender.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export const senderMethods = {
  SendEmail: method("ses:SendEmail", (sender: SenderTarget, { to, subject, text, html }: Mail) => {
    const Body = { Text: utf8(text), Html: utf8(html) };
    return new ses.SendEmailCommand({
      ...sender,
      Destination: { ToAddresses: [to] },
      Content: { Simple: { Subject: utf8(subject), Body } },
    });
  }),
};

/** The bound client of a mail sender. */
export type SenderClient = Bound<typeof senderMethods>;
