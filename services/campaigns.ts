import * as pulumi from "@pulumi/pulumi";
import type { DeadLetters } from "../components/dead-letters";
import type { EncryptionKey } from "../components/encryption-key";
import type { EventBus } from "../components/event-bus";
import type { FunctionOptions } from "../components/function";
import { HttpApi, type HttpApiArgs } from "../components/http-api";
import { RotatingSecret } from "../components/rotating-secret";
import { Secret } from "../components/secret";
import { Table } from "../components/table";
import type { UserPool } from "../components/user-pool";
import { choice, fail, succeed, task, taskWithToken, Workflow } from "../components/workflow";
import { announce } from "../handlers/campaigns/announce";
import { ask } from "../handlers/campaigns/ask";
import { drive, drivingChanges } from "../handlers/campaigns/drive";
import { broken, ended } from "../handlers/campaigns/end";
import { finish } from "../handlers/campaigns/finish";
import { followUsers, userEvents } from "../handlers/campaigns/follow-users";
import { gather } from "../handlers/campaigns/gather";
import { list } from "../handlers/campaigns/list";
import { mailService } from "../handlers/campaigns/mail-service";
import { poll } from "../handlers/campaigns/poll";
import { read } from "../handlers/campaigns/read";
import * as routes from "../handlers/campaigns/routes";
import { signingRotation } from "../handlers/campaigns/signing";
import { start } from "../handlers/campaigns/start";
import { startDigest } from "../handlers/campaigns/start-digest";
import { wait } from "../handlers/campaigns/wait";
import { webhook } from "../handlers/campaigns/webhook";
import { weekSummarised } from "../handlers/insights/events";

export interface CampaignsArgs {
  readonly bus: EventBus;
  readonly users: UserPool;
  readonly api: Pick<HttpApiArgs, "throttle" | "corsOrigins" | "mount">;
  readonly deadLetters: DeadLetters;
  readonly functions: FunctionOptions;
  readonly deletionProtection: boolean;
  /** What the secrets are encrypted with. */
  readonly key: EncryptionKey;
  /** Where the mail service's API is, such as `https://api.mail.example`. */
  readonly mailUrl: string;
  /** Of a campaign of which nothing was heard for so long, the mail service is asked; 1–86400. @default 900 */
  readonly heartbeatSeconds?: number;
}

const daySeconds = 86_400;
/** A campaign that is pending for longer is given up. */
const longestPendingSeconds = 7 * daySeconds;
/**
 * A round of waiting and asking leaves 14 events in an execution's history, of which there may be 25,000.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const maximumRounds = 1500;

/** The mail service may deliver many reports at once; whoever else tries is not to use up the other routes' share. */
const webhookThrottle = { rate: 50, burst: 100 };

/** What passes by itself, such as a throttled call to AWS. */
const otherErrors = { errors: ["States.ALL"], attempts: 3, intervalSeconds: 2, backoffRate: 3 } as const;
/** An outage of the mail service may last for almost half an hour. */
const outage = {
  errors: ["MailUnavailable"],
  attempts: 10,
  intervalSeconds: 2,
  backoffRate: 2,
  maximumDelaySeconds: 600,
} as const;
const notAgain = (...errors: [string, ...string[]]) => ({ errors, attempts: 0 });
const givenUp = { errors: ["States.ALL"], next: "broken", result: "error" } as const;

/** Sends mail campaigns to users through a mail service, which is asked once and then reports by a webhook. */
export class Campaigns extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: CampaignsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:service:Campaigns", name, {}, opts);
    const { bus, users, deadLetters, functions, deletionProtection, key, mailUrl } = args;
    const { heartbeatSeconds = 900 } = args;
    const parent = { parent: this };

    const campaigns = new Table(
      name,
      {
        attributes: { id: "S", kind: "S", createdAt: "S" },
        key: { partition: "id" },
        indexes: { byTime: { partition: "kind", sort: "createdAt" } },
        deletionProtection,
      },
      parent,
    );
    const recipients = new Table(
      `${name}-recipients`,
      { attributes: { user: "S" }, key: { partition: "user" }, deletionProtection },
      parent,
    );
    const deliveries = new Table(
      `${name}-deliveries`,
      {
        attributes: { campaign: "S", user: "S" },
        key: { partition: "campaign", sort: "user" },
        indexes: { byUser: { partition: "user" } },
        deletionProtection,
      },
      parent,
    );
    const signatures = new Table(
      `${name}-signatures`,
      {
        attributes: { signature: "S" },
        key: { partition: "signature" },
        timeToLive: "expiresAt",
        deletionProtection,
      },
      parent,
    );

    const apiKey = new Secret("mail-api-key", { key }, parent).sdk;
    const signing = new RotatingSecret(
      "mail-signing",
      {
        key,
        rotation: signingRotation(mailService(mailUrl, apiKey)),
        deadLetters,
        deletionProtection,
        function: functions,
      },
      parent,
    );

    bus.on(`${name}-users`, userEvents, followUsers(recipients.sdk, deliveries.sdk), {
      function: { timeoutSeconds: 60 },
    });

    bus.on(`${name}-digest`, weekSummarised, startDigest(campaigns.sdk));

    const api = new HttpApi(
      `${name}-api`,
      { ...args.api, users, functions, accessLogRetentionDays: functions.logRetentionDays },
      parent,
    );
    api.route(routes.startCampaign, start(campaigns.sdk));
    api.route(routes.listCampaigns, list(campaigns.sdk));
    api.route(routes.readCampaign, read(campaigns.sdk));
    api.route(routes.mailWebhook, webhook(campaigns.sdk, signatures.sdk, signing.sdk), {
      throttle: webhookThrottle,
    });

    const sending = new Workflow(
      `${name}-send`,
      {
        deadLetters,
        functions,
        logRetentionDays: functions.logRetentionDays,
        timeoutSeconds: longestPendingSeconds + daySeconds,
        startAt: "gather",
        states: {
          gather: task(gather(campaigns.sdk, recipients.sdk, deliveries.sdk), {
            next: "ask",
            result: null,
            retry: [otherErrors],
            catch: [givenUp],
            function: { timeoutSeconds: 300 },
          }),
          ask: task(ask(campaigns.sdk, recipients.sdk, deliveries.sdk, mailUrl, apiKey), {
            next: "decide",
            result: "mail",
            retry: [notAgain("MailRefused"), outage, otherErrors],
            catch: [givenUp],
            function: { timeoutSeconds: 120, memoryMb: 512 },
            environment: { WEBHOOK_URL: api.url },
          }),
          decide: choice({
            on: "mail.status",
            is: { pending: "wait", success: "finish" },
            otherwise: "ended",
          }),
          wait: taskWithToken(
            wait(
              campaigns.sdk,
              Math.min(longestPendingSeconds, maximumRounds * heartbeatSeconds),
              maximumRounds,
            ),
            {
              next: "decide",
              result: "mail",
              heartbeatSeconds,
              retry: [notAgain("States.HeartbeatTimeout", "CampaignOverdue"), otherErrors],
              catch: [{ errors: ["States.HeartbeatTimeout"], next: "poll", result: null }, givenUp],
            },
          ),
          poll: task(poll(campaigns.sdk, mailUrl, apiKey), {
            next: "decide",
            result: "mail",
            retry: [notAgain("MailRefused"), outage, otherErrors],
            // Its reports may still come.
            catch: [{ errors: ["MailUnavailable"], next: "wait", result: null }, givenUp],
            function: { timeoutSeconds: 30 },
          }),
          finish: task(finish(campaigns.sdk, recipients.sdk, deliveries.sdk), {
            next: "sent",
            result: null,
            retry: [otherErrors],
            catch: [givenUp],
            function: { timeoutSeconds: 300 },
          }),
          ended: task(ended(campaigns.sdk), {
            next: "notSent",
            result: null,
            retry: [otherErrors],
            catch: [givenUp],
          }),
          broken: task(broken(campaigns.sdk), { next: "failed", result: null, retry: [otherErrors] }),
          sent: succeed(),
          notSent: succeed(),
          failed: fail({ error: "CampaignBroken", cause: "The campaign's reason tells why." }),
        },
      },
      parent,
    );
    campaigns.onChange("drive", drive(campaigns.sdk, sending.sdk), {
      deadLetters,
      function: functions,
      filters: drivingChanges,
    });
    campaigns.onChange("announce", announce(bus.sdk), { deadLetters, function: functions });

    this.url = api.url;
    this.registerOutputs({ url: this.url });
  }
}
