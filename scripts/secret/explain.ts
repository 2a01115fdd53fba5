import { NoLocalCloud } from "../cloud";
import type { Arguments } from "./arguments";
import { Refused } from "./refused";

/** AWS does not know who asks. */
export class NotSignedIn extends Refused {}
/** AWS knows who asks, who may not. */
export class NotAllowed extends Refused {}

const unknownCallers = [
  "CredentialsProviderError",
  "TokenProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "UnrecognizedClientException",
];

/** An error of an SDK client in words that tell an operator what to do; any other as it is. */
export function explain(error: unknown, { local, state }: Arguments): unknown {
  const { name, message, code } = error as Error & { readonly code?: string };
  if (local && code === "ECONNREFUSED") {
    return new NoLocalCloud(`The local cloud of ${state} does not answer: start it with npm start`);
  }
  if (unknownCallers.includes(name)) {
    return new NotSignedIn(
      `You are not signed in to AWS (${message}). Sign in, with aws sso login or by AWS_PROFILE, or add --local ` +
        "for the local cloud that npm start runs.",
    );
  }
  if (name === "AccessDeniedException" || name === "AccessDenied") {
    return new NotAllowed(`AWS does not let you do that: ${message}`);
  }
  return error;
}
