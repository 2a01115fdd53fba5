import * as z from "zod";
import { eventContract } from "../../components/event-contract";

const source = "gallery.users";

const change = () => ({
  /** The same for every delivery of one change: consumers use it to act once. */
  changeId: z.string(),
  /** `sub` of the user. */
  user: z.string(),
  /** Counts the changes of a user: of two events, the greater tells what is so. */
  version: z.int(),
});

/** Bus events of the service `users`: what others may know of a user. */
const userEvent = () =>
  z.object({
    ...change(),
    email: z.string(),
    name: z.string(),
    /** Whether the user wants mails besides those about their own account. */
    newsletter: z.boolean(),
    /** Where the user gets text messages, if they want any: E.164. */
    phone: z.string().optional(),
  });
export type UserEvent = z.infer<ReturnType<typeof userEvent>>;

/** What is left to say of a user who is gone. */
const userRemovedEvent = () => z.object(change());
export type UserRemovedEvent = z.infer<ReturnType<typeof userRemovedEvent>>;

export const userRegistered = eventContract(source, "user.registered", userEvent);
export const userChanged = eventContract(source, "user.changed", userEvent);
/** The user has deleted their account: each service erases what it has of them. */
export const userRemoved = eventContract(source, "user.removed", userRemovedEvent);
