import * as sns from "@aws-sdk/client-sns";
import { type Bound, bind, service } from "./sdk/bind";

const { method } = service(() => new sns.SNSClient({}));

const textMethods = {
  SendText: method(
    "sns:Publish",
    (_: Record<string, never>, { to, text }: { readonly to: string; readonly text: string }) =>
      new sns.PublishCommand({
        PhoneNumber: to,
        Message: text,
        MessageAttributes: {
          "AWS.SNS.SMS.SMSType": { DataType: "String", StringValue: "Transactional" },
        },
      }),
  ),
};

/** The client that sends text messages. */
export type TextClient = Bound<typeof textMethods>;

/**
 * Sends text messages to phone numbers by SNS. A number has no ARN: what the client may do is publish to anything that
 * is no topic.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html
 */
export const textSender = (): TextClient =>
  bind(textMethods, {
    owner: "text messages",
    name: "texts",
    arn: { allBut: "arn:aws:sns:*:*:*" },
    target: {},
  });
