import type { PostConfirmationTriggerEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import { profileMaker } from "./profile-maker";
import { trigger } from "./trigger";

/**
 * Makes the profile of a user who has confirmed their address. The wish for the `newsletter` may come with the
 * confirmation as client metadata.
 */
export const register = (profiles: TableClient) => {
  const makeProfile = profileMaker(profiles);
  return trigger(async (event: PostConfirmationTriggerEvent) => {
    if (event.triggerSource === "PostConfirmation_ConfirmSignUp") {
      const { userAttributes, clientMetadata = {} } = event.request;
      await makeProfile(userAttributes.sub ?? event.userName, userAttributes, clientMetadata);
    }
    return event;
  });
};
