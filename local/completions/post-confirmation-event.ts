import type { PostConfirmationTriggerEvent } from "aws-lambda";
import type { Fields } from "../front-door/fields";
import { textIn } from "./json-body";
import type { PoolUser } from "./pool-users";

/** What has confirmed a user. */
export interface Confirmation {
  readonly source: PostConfirmationTriggerEvent["triggerSource"];
  readonly clientId: string;
  readonly clientMetadata: Readonly<Record<string, string>> | undefined;
}

/** Calls that confirm a user when they succeed; `SignUp` does only when its answer says so. */
const SOURCES: Readonly<Record<string, Confirmation["source"]>> = {
  "cognito-idp:SignUp": "PostConfirmation_ConfirmSignUp",
  "cognito-idp:ConfirmSignUp": "PostConfirmation_ConfirmSignUp",
  "cognito-idp:AdminConfirmSignUp": "PostConfirmation_ConfirmSignUp",
  "cognito-idp:ConfirmForgotPassword": "PostConfirmation_ConfirmForgotPassword",
};

/** What AWS gives as the client of a call that names a pool. */
const NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE";

/** What a successful call has confirmed, if it is one that does; by its action, `cognito-idp:ConfirmSignUp`. */
export function confirmationBy(action: string, request: Fields): Confirmation | undefined {
  const source = SOURCES[action];
  return (
    source && {
      source,
      clientId: textIn(request, "ClientId") ?? NO_CLIENT,
      clientMetadata: metadataIn(request.ClientMetadata),
    }
  );
}

/**
 * The event of the post-confirmation trigger.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
 */
export function postConfirmationEvent(
  { username, status, attributes }: PoolUser,
  { source, clientId, clientMetadata }: Confirmation,
  { userPoolId, region }: { readonly userPoolId: string; readonly region: string },
): PostConfirmationTriggerEvent {
  return {
    version: "1",
    triggerSource: source,
    region,
    userPoolId,
    userName: username,
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId },
    request: {
      userAttributes: { ...unverified(attributes), ...attributes, "cognito:user_status": status },
      ...(clientMetadata && { clientMetadata }),
    },
    response: {},
  };
}

/** AWS says of each address and number whether it is verified; the emulator only of those that are. */
function unverified(attributes: PoolUser["attributes"]): Record<string, string> {
  const kinds = ["email", "phone_number"].filter((name) => attributes[name]);
  return Object.fromEntries(kinds.map((name) => [`${name}_verified`, "false"]));
}

function metadataIn(value: unknown): Confirmation["clientMetadata"] {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}
