import { ApiGatewayLogging } from "./components/api-gateway-logging";
import { DeadLetters } from "./components/dead-letters";
import { EmailSender } from "./components/email-sender";
import { EncryptionKey } from "./components/encryption-key";
import { EventBus } from "./components/event-bus";
import { UserPool } from "./components/user-pool";
import { loadConfig } from "./config";
import { Campaigns } from "./services/campaigns";
import { identityProvidersOf } from "./services/identity-providers";
import { Insights } from "./services/insights";
import { Journal } from "./services/journal";
import { Live } from "./services/live";
import { Media } from "./services/media";
import { Photos } from "./services/photos";
import { Users } from "./services/users";

const config = loadConfig();
const { deletionProtection } = config;
const functions = { logRetentionDays: config.logRetentionDays };
const api = {
  throttle: { rate: config.apiRate, burst: config.apiBurst },
  corsOrigins: config.corsOrigins,
};

const deadLetters = new DeadLetters("failures", { email: config.alarmEmail });
const bus = new EventBus("gallery", { archiveDays: config.archiveDays, deadLetters, functions });
new Journal("journal", { bus });

const key = new EncryptionKey("secrets");
const dataKey = new EncryptionKey("data", { keep: config.databaseLastSnapshot });
const sender = new EmailSender("mail", { from: config.mailFrom });

const users = new UserPool("users", {
  passwordSignIn: config.passwordSignIn,
  mfa: config.mfa,
  threatProtection: config.threatProtection,
  deletionProtection,
  groups: { admins: "May see all users and partners, and send campaigns" },
  identityProviders: identityProvidersOf(config, key),
  sender: config.mailVerified ? sender : undefined,
  callbackUrls: config.callbackUrls,
  logoutUrls: config.logoutUrls,
});
const accounts = new Users("users", {
  bus,
  pool: users,
  sender,
  api,
  deadLetters,
  functions,
  deletionProtection,
  timeZone: config.timeZone,
});

const photos = new Photos("photos", { bus, users, api, deadLetters, functions, deletionProtection });

const media = new Media("media", {
  bus,
  users,
  api,
  deadLetters,
  functions,
  deletionProtection,
  renditionConcurrency: config.renditionConcurrency,
});

const { throttle } = api;
const logging = config.apiGatewayLogging ? new ApiGatewayLogging("api-gateway-logging") : undefined;
const live = new Live("live", { bus, users, throttle, logging, functions, deletionProtection });

const campaigns = new Campaigns("campaigns", {
  bus,
  users,
  api,
  deadLetters,
  functions,
  deletionProtection,
  key,
  mailUrl: config.mailUrl,
  heartbeatSeconds: config.webhookPatienceSeconds,
});

const insights = new Insights("insights", {
  bus,
  users,
  api,
  apiCache: config.apiCacheGb === undefined ? undefined : { sizeGb: config.apiCacheGb },
  logging,
  deadLetters,
  functions,
  deletionProtection,
  key: dataKey,
  database: {
    minimumCapacity: config.databaseMinimumCapacity,
    maximumCapacity: config.databaseMaximumCapacity,
    instances: config.databaseInstances,
    lastSnapshot: config.databaseLastSnapshot,
  },
  timeZone: config.timeZone,
});

/** Where the API of each service answers. */
export const usersUrl = accounts.url;
export const photosUrl = photos.url;
export const mediaUrl = media.url;
export const campaignsUrl = campaigns.url;
export const insightsUrl = insights.url;
/** Where views are told, without a token, and where partners with a key read. */
export const viewsUrl = insights.viewsUrl;
/** Where browsers are told what becomes of their uploads. */
export const liveUrl = live.url;
/** What a web page needs to sign users up and in. */
export const userPoolId = users.id;
export const userPoolClientId = users.clientId;
export const signInDomain = users.signInDomain;
/** What other teams' programs need to hear and tell events, through a stack reference. */
export const eventBusName = bus.name;
export const eventBusArn = bus.arn;
