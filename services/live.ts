import * as pulumi from "@pulumi/pulumi";
import type { ApiGatewayLogging } from "../components/api-gateway-logging";
import type { EventBus } from "../components/event-bus";
import type { FunctionOptions } from "../components/function";
import type { Throttle } from "../components/http-api";
import { Table } from "../components/table";
import type { UserPool } from "../components/user-pool";
import { WebSocketApi } from "../components/web-socket-api";
import { authorize } from "../handlers/live/authorize";
import { connect } from "../handlers/live/connect";
import { disconnect } from "../handlers/live/disconnect";
import { erase } from "../handlers/live/erase";
import { followedEvents } from "../handlers/live/followed";
import { push } from "../handlers/live/push";
import { send } from "../handlers/live/send";
import { unknown } from "../handlers/live/unknown";
import { userRemoved } from "../handlers/users/events";

export interface LiveArgs {
  readonly bus: EventBus;
  readonly users: UserPool;
  readonly throttle: Throttle;
  /** Absent where another stack has set the account's. */
  readonly logging?: ApiGatewayLogging;
  readonly functions: FunctionOptions;
  readonly deletionProtection: boolean;
}

/**
 * Tells a signed-in user's browsers, as it happens or when they come back, what becomes of their uploads and, where they
 * are an administrator, of their mail campaigns.
 */
export class Live extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: LiveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:service:Live", name, {}, opts);
    const { bus, users, throttle, logging, functions, deletionProtection } = args;
    const parent = { parent: this };

    const connections = new Table(
      `${name}-connections`,
      {
        attributes: { user: "S", id: "S" },
        key: { partition: "user", sort: "id" },
        timeToLive: "expiresAt",
        deletionProtection,
      },
      parent,
    );
    const states = new Table(
      `${name}-states`,
      {
        attributes: { user: "S", subject: "S" },
        key: { partition: "user", sort: "subject" },
        timeToLive: "expiresAt",
        deletionProtection,
      },
      parent,
    );

    const api = new WebSocketApi(
      `${name}-api`,
      {
        authorizer: {
          handler: authorize,
          environment: { USER_POOL_ID: users.id, USER_POOL_CLIENT_ID: users.clientId },
        },
        connect: (socket) => connect(connections.sdk, socket),
        throttle,
        logging,
        functions,
        accessLogRetentionDays: functions.logRetentionDays,
      },
      parent,
    );
    api.disconnect(disconnect(connections.sdk));
    // It may have much to tell, one message after the other.
    api.route("send", send(states.sdk, api.sdk), { function: { timeoutSeconds: 29 } });
    api.route("$default", unknown(api.sdk));
    bus.on(name, followedEvents, push(states.sdk, connections.sdk, api.sdk), { function: functions });
    // Item after item, however many.
    bus.on(`${name}-erase`, userRemoved, erase(states.sdk, connections.sdk), {
      function: { ...functions, timeoutSeconds: 300 },
    });

    this.url = api.url;
    this.registerOutputs({ url: this.url });
  }
}
