import type { Mail } from "../../components/sdk/ses";
import { html } from "../mail-text";
import type { UserEvent } from "./events";

type Content = Omit<Mail, "to">;

/** What a new user is told by mail. */
export function welcomeMail({ name }: Pick<UserEvent, "name">): Content {
  return {
    subject: "Welcome to Gallery",
    text: [
      `Hello ${name},`,
      "your address is confirmed, and Gallery is yours to use: publish a photo, give it a title and see it made ready while you watch.",
      "You get this mail because somebody signed up with this address. If it was not you, answer this mail.",
    ].join("\n\n"),
    html: html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Welcome to Gallery</title></head><body style="font-family:sans-serif;max-width:36em;margin:2em auto"><h1>Hello ${name},</h1><p>your address is confirmed, and Gallery is yours to use: publish a photo, give it a title and see it made ready while you watch.</p><p style="color:#666">You get this mail because somebody signed up with this address. If it was not you, answer this mail.</p></body></html>`
      .markup,
  };
}

/** What a new user is told by text message, which has room for 160 characters and none for words of the user's own. */
export const welcomeText = "Welcome to Gallery. We write here only about your own account.";
