import type { PreSignUpTriggerEvent } from "aws-lambda";
import { isName, longestName } from "./profile";
import { refusal, trigger } from "./trigger";

/** Domains whose mailboxes anyone may open: an address there shows nothing of who signs up. */
const throwaway = [
  "10minutemail.com",
  "guerrillamail.com",
  "mailinator.com",
  "maildrop.cc",
  "sharklasers.com",
  "temp-mail.org",
  "trashmail.com",
  "yopmail.com",
];

/** Refuses who may not sign up, with a reason that is shown to them. Whom an administrator invites, may. */
export const checkSignUp = trigger(async (event: PreSignUpTriggerEvent) => {
  if (event.triggerSource === "PreSignUp_AdminCreateUser") {
    return event;
  }
  const { email = "", name } = event.request.userAttributes;
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  if (!/^[^\s@]{1,64}@[a-z0-9.-]{0,189}[a-z0-9]$/i.test(email)) {
    throw refusal("An email address is needed.");
  }
  if (throwaway.some((known) => domain === known || domain.endsWith(`.${known}`))) {
    throw refusal(`Addresses of ${domain} are not taken; use one that is yours alone.`);
  }
  if (name !== undefined && !isName(name)) {
    throw refusal(`The name must have 1 to ${longestName} characters, none of them <, > or a control.`);
  }
  return event;
});
