import * as pulumi from "@pulumi/pulumi";
import type { DeadLetters } from "../components/dead-letters";
import type { EmailSender } from "../components/email-sender";
import type { EventBus } from "../components/event-bus";
import type { FunctionOptions } from "../components/function";
import { HttpApi, type HttpApiArgs } from "../components/http-api";
import { Table } from "../components/table";
import { Tasks } from "../components/tasks";
import { textSender } from "../components/text-sender";
import type { UserPool } from "../components/user-pool";
import { announce } from "../handlers/users/announce";
import { authorizePartner } from "../handlers/users/authorize-partner";
import { change } from "../handlers/users/change-profile";
import { addClaims } from "../handlers/users/claims";
import { erase } from "../handlers/users/erase";
import { userRegistered, userRemoved } from "../handlers/users/events";
import { list } from "../handlers/users/list-users";
import * as partnerRoutes from "../handlers/users/partners";
import { read, show } from "../handlers/users/read-profile";
import { reconcile } from "../handlers/users/reconcile";
import { refresh } from "../handlers/users/refresh-tokens";
import { register } from "../handlers/users/register";
import { remove } from "../handlers/users/remove-account";
import * as routes from "../handlers/users/routes";
import { checkSignUp } from "../handlers/users/sign-up";
import { welcomeByMail, welcomeByText } from "../handlers/users/welcome";

export interface UsersArgs {
  readonly bus: EventBus;
  readonly pool: UserPool;
  readonly sender: EmailSender;
  readonly api: Pick<HttpApiArgs, "throttle" | "corsOrigins" | "mount">;
  readonly deadLetters: DeadLetters;
  readonly functions: FunctionOptions;
  readonly deletionProtection: boolean;
  /** IANA name: when night is. */
  readonly timeZone: string;
}

/**
 * Knows who the users are beyond what the user pool does, welcomes them, serves administrators and partners, and tells
 * the bus of who comes, changes and goes.
 */
export class Users extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: UsersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:service:Users", name, {}, opts);
    const { bus, pool, sender, deadLetters, functions, deletionProtection } = args;
    const parent = { parent: this };

    const profiles = new Table(
      `${name}-profiles`,
      { attributes: { user: "S" }, key: { partition: "user" }, deletionProtection },
      parent,
    );
    const partners = new Table(
      `${name}-partners`,
      { attributes: { id: "S" }, key: { partition: "id" }, deletionProtection },
      parent,
    );
    const tasks = new Tasks(`${name}-tasks`, { deletionProtection }, parent);

    pool.on("preSignUp", checkSignUp, functions);
    pool.on("postConfirmation", register(profiles.sdk), functions);
    pool.on("preTokenGeneration", addClaims(profiles.sdk), functions);
    profiles.onChange("announce", announce(bus.sdk), { deadLetters, function: functions });
    bus.on(
      `${name}-welcome-mail`,
      userRegistered,
      tasks.once(({ detail }) => `mail ${detail.user}`, welcomeByMail(sender.sdk)),
    );
    bus.on(
      `${name}-welcome-text`,
      userRegistered,
      tasks.once(({ detail }) => `text ${detail.user}`, welcomeByText(textSender())),
      { detail: { phone: [{ exists: true }] } },
    );
    bus.on(`${name}-erase`, userRemoved, erase(pool.sdk, profiles.sdk));
    bus.schedule(`${name}-reconcile`, "cron(0 2 * * ? *)", reconcile(pool.sdk, profiles.sdk), {
      timeZone: args.timeZone,
      flexibleWindowMinutes: 60,
      function: { timeoutSeconds: 900 },
    });

    const api = new HttpApi(
      `${name}-api`,
      {
        ...args.api,
        users: pool,
        partners: { handler: authorizePartner(partners.sdk) },
        functions,
        accessLogRetentionDays: functions.logRetentionDays,
      },
      parent,
    );
    api.route(routes.refreshTokens, refresh(pool.sdk));
    api.route(routes.readProfile, read(profiles.sdk));
    api.route(routes.changeProfile, change(profiles.sdk));
    api.route(routes.removeAccount, remove(profiles.sdk));
    api.route(routes.listUsers, list(pool.sdk));
    api.route(routes.addPartner, partnerRoutes.add(partners.sdk));
    api.route(routes.listPartners, partnerRoutes.list(partners.sdk));
    api.route(routes.removePartner, partnerRoutes.remove(partners.sdk));
    api.route(routes.showProfile, show(profiles.sdk));

    this.url = api.url;
    this.registerOutputs({ url: this.url });
  }
}
