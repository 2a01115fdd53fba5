import * as pulumi from "@pulumi/pulumi";
import type { ApiGatewayLogging } from "../components/api-gateway-logging";
import { Bucket } from "../components/bucket";
import { Cache } from "../components/cache";
import { Database, type DatabaseArgs } from "../components/database";
import type { DeadLetters } from "../components/dead-letters";
import type { EncryptionKey } from "../components/encryption-key";
import type { EventBus } from "../components/event-bus";
import type { FunctionOptions } from "../components/function";
import { HttpApi, type HttpApiArgs } from "../components/http-api";
import { Network } from "../components/network";
import { Queue } from "../components/queue";
import { queueTarget, RestApi, type RestApiArgs } from "../components/rest-api";
import type { UserPool } from "../components/user-pool";
import { digest } from "../handlers/insights/digest";
import { followPhotos, photoEvents } from "../handlers/insights/follow-photos";
import { migrations } from "../handlers/insights/migrations";
import { mostViewed } from "../handlers/insights/most-viewed";
import { photoViews } from "../handlers/insights/photo-views";
import { record } from "../handlers/insights/record";
import { report } from "../handlers/insights/report";
import { rollUp } from "../handlers/insights/roll-up";
import * as routes from "../handlers/insights/routes";

export interface InsightsArgs {
  readonly bus: EventBus;
  readonly users: UserPool;
  readonly api: Pick<HttpApiArgs, "throttle" | "corsOrigins" | "mount">;
  /** Of the API that takes views and serves partners; without it, nothing is cached there. */
  readonly apiCache?: RestApiArgs["cache"];
  readonly logging?: ApiGatewayLogging;
  readonly deadLetters: DeadLetters;
  readonly functions: FunctionOptions;
  readonly deletionProtection: boolean;
  /** What the database and the cache are encrypted with. */
  readonly key: EncryptionKey;
  readonly database: Pick<DatabaseArgs, "minimumCapacity" | "maximumCapacity" | "instances" | "lastSnapshot">;
  /** IANA name: when night is, and Monday morning. */
  readonly timeZone: string;
}

/** A database that is paused takes about 15 s to resume, for which functions that ask it wait. */
const asking = { timeoutSeconds: 29 };
/** A view costs a message and no function: many more may come than of any other request. */
const viewsThrottle = { rate: 2000, burst: 4000 };
/** A message of a function that was ended comes again after six times its timeout. */
const writing = { timeoutSeconds: 10, patienceSeconds: 8 };
/** With the queue's pauses, four hours and a half. */
const patientRetries = 25;
/** How many functions write views at once: a flood fills the queue, not the database's connections. */
const writers = 5;

/** Counts views of photos: takes them straight into a queue, keeps them in SQL, and serves the most viewed from a cache. */
export class Insights extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  /** Takes views from anyone, and serves partners with a key. */
  readonly viewsUrl: pulumi.Output<string>;

  constructor(name: string, args: InsightsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:service:Insights", name, {}, opts);
    const { bus, users, deadLetters, functions, deletionProtection, key, timeZone } = args;
    const { throttle, corsOrigins } = args.api;
    const parent = { parent: this };

    const { logRetentionDays } = functions;
    const network = new Network(`${name}-network`, { endpoints: ["rds-data"], logRetentionDays }, parent);
    const database = new Database(
      `${name}-database`,
      {
        ...args.database,
        network,
        key,
        migrations,
        databaseName: name,
        deletionProtection,
        function: functions,
      },
      parent,
    );
    const cache = new Cache(`${name}-cache`, { network, key, deadLetters }, parent);

    const views = new Queue(
      `${name}-views`,
      {
        deadLetters,
        handler: { batch: record(database.waiting(writing.patienceSeconds)) },
        // Hours without a database are waited out: what fails as a batch failed for no fault of its messages.
        retries: patientRetries,
        batchSize: 500,
        maximumBatchingWindowSeconds: 1,
        maximumConcurrency: writers,
        function: { ...functions, timeoutSeconds: writing.timeoutSeconds },
      },
      parent,
    );
    const open = new RestApi(
      `${name}-views-api`,
      {
        throttle,
        corsOrigins,
        cache: args.apiCache,
        plans: { partners: { throttle, quota: { requests: 100_000, period: "DAY" } } },
        logging: args.logging,
        functions,
        accessLogRetentionDays: functions.logRetentionDays,
      },
      parent,
    );
    open.ingest(routes.postView, queueTarget(views), { throttle: viewsThrottle });
    open.route(routes.partnerMostViewed, mostViewed(routes.partnerMostViewed, database.sdk, cache.sdk), {
      cacheSeconds: 60,
      cacheKeys: ["days", "limit"],
      function: asking,
    });

    const reports = new Bucket(
      `${name}-reports`,
      { deadLetters, expireDays: { "reports/": 1 }, deletionProtection },
      parent,
    );
    const api = new HttpApi(
      `${name}-api`,
      { ...args.api, users, functions, accessLogRetentionDays: functions.logRetentionDays },
      parent,
    );
    api.route(routes.listMostViewed, mostViewed(routes.listMostViewed, database.sdk, cache.sdk), {
      function: asking,
    });
    api.route(routes.readPhotoViews, photoViews(database.sdk), { function: asking });
    api.route(routes.makeReport, report(database.sdk, reports.objects("reports/")), {
      function: { ...asking, memoryMb: 512 },
    });

    bus.on(`${name}-photos`, photoEvents, followPhotos(database.sdk), { function: asking });
    bus.schedule(`${name}-roll-up`, "cron(0 3 * * ? *)", rollUp(database.sdk), {
      timeZone,
      flexibleWindowMinutes: 60,
      function: { timeoutSeconds: 300 },
    });
    bus.schedule(`${name}-digest`, "cron(0 8 ? * MON *)", digest(database.sdk, bus.sdk), {
      timeZone,
      flexibleWindowMinutes: 15,
      function: asking,
    });

    this.url = api.url;
    this.viewsUrl = open.url;
    this.registerOutputs({ url: this.url, viewsUrl: this.viewsUrl });
  }
}
