import { ApiGatewayLogging } from "./components/api-gateway-logging";
import { DeadLetters } from "./components/dead-letters";
import { EventBus } from "./components/event-bus";
import { UserPool } from "./components/user-pool";
import { loadConfig } from "./config";
import { Journal } from "./services/journal";
import { Live } from "./services/live";
import { Media } from "./services/media";
import { Photos } from "./services/photos";

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

const users = new UserPool("users", { passwordSignIn: config.passwordSignIn, deletionProtection });

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

/** Where the API of each service answers. */
export const photosUrl = photos.url;
export const mediaUrl = media.url;
/** Where browsers are told what becomes of their uploads. */
export const liveUrl = live.url;
/** What a web page needs to sign users up and in. */
export const userPoolId = users.id;
export const userPoolClientId = users.clientId;
/** What other teams' programs need to hear and tell events, through a stack reference. */
export const eventBusName = bus.name;
export const eventBusArn = bus.arn;
