import type { EventBridgeEvent } from "aws-lambda";
import type { SenderClient } from "../../components/sdk/ses";
import type { TextClient } from "../../components/text-sender";
import type { UserEvent } from "./events";
import { welcomeMail, welcomeText } from "./welcome-message";

type Registered = EventBridgeEvent<string, UserEvent>;

/** Welcomes a new user by mail. */
export const welcomeByMail =
  (sender: SenderClient) =>
  async ({ detail }: Registered): Promise<void> => {
    await sender.SendEmail({ to: detail.email, ...welcomeMail(detail) });
  };

/** Welcomes a new user who wants text messages. */
export const welcomeByText =
  (texts: TextClient) =>
  async ({ detail }: Registered): Promise<void> => {
    if (detail.phone !== undefined) {
      await texts.SendText({ to: detail.phone, text: welcomeText });
    }
  };
