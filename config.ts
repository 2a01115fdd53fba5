import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";

/** Days that CloudWatch Logs can keep. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: "must be an origin such as https://gallery.example, without path",
});

/** What is sent there is for nobody else: only by TLS, unless it stays on this machine. */
const safeUrl = z.url().refine((text) => /^(https:|http:\/\/(localhost|127\.0\.0\.1)[:/])/.test(text), {
  error: "must be a URL that begins with https:, or with http://localhost",
});

/** GB of an API's cache. @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
const cacheSizes = ["0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"] as const;

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== undefined;
  } catch {
    return false;
  }
}

/** Every key that `Pulumi.<stack>.yaml` may set; `Pulumi.yaml` says what each means. */
const schema = z
  .strictObject({
    logRetentionDays: z.coerce.number().refine((days) => retentionDays.includes(days), {
      error: `must be one of ${retentionDays.join(", ")}`,
    }),
    archiveDays: z.coerce.number().int().min(0),
    apiRate: z.coerce.number().positive(),
    apiBurst: z.coerce.number().int().positive(),
    corsOrigins: z.array(origin),
    deletionProtection: z.boolean(),
    passwordSignIn: z.boolean(),
    alarmEmail: z.email().optional(),
    apiGatewayLogging: z.boolean(),
    renditionConcurrency: z.coerce.number().int().min(2).max(1000),
    mfa: z.enum(["off", "optional", "required"]),
    threatProtection: z.boolean(),
    callbackUrls: z.array(safeUrl).min(1),
    logoutUrls: z.array(safeUrl),
    googleClientId: z.string().min(1).optional(),
    facebookClientId: z.string().min(1).optional(),
    oidcIssuer: safeUrl.optional(),
    oidcClientId: z.string().min(1).optional(),
    mailFrom: z.string().min(3),
    mailVerified: z.boolean(),
    mailUrl: safeUrl,
    webhookPatienceSeconds: z.coerce.number().int().min(5).max(86_400),
    databaseMinimumCapacity: z.coerce.number().min(0).max(256).multipleOf(0.5),
    databaseMaximumCapacity: z.coerce.number().min(1).max(256).multipleOf(0.5),
    databaseInstances: z.coerce.number().int().min(1).max(15),
    databaseLastSnapshot: z.boolean(),
    apiCacheGb: z.enum(cacheSizes).optional(),
    timeZone: z.string().refine(isTimeZone, { error: "must be an IANA time zone such as Europe/Berlin" }),
  })
  .refine(({ oidcIssuer, oidcClientId }) => (oidcIssuer === undefined) === (oidcClientId === undefined), {
    path: ["oidcClientId"],
    error: "goes with oidcIssuer: set both or none",
  });

/** The stack's configuration. */
export type GalleryConfig = z.infer<typeof schema>;

/** A key of the stack's configuration is missing or wrong. */
export class InvalidConfiguration extends pulumi.RunError {}

/** Reads and checks the stack's configuration. */
export function loadConfig(): GalleryConfig {
  const config = new pulumi.Config();
  const result = schema.safeParse({
    logRetentionDays: config.get("logRetentionDays"),
    archiveDays: config.get("archiveDays"),
    apiRate: config.get("apiRate"),
    apiBurst: config.get("apiBurst"),
    corsOrigins: config.getObject("corsOrigins"),
    deletionProtection: config.getBoolean("deletionProtection"),
    passwordSignIn: config.getBoolean("passwordSignIn"),
    alarmEmail: config.get("alarmEmail"),
    apiGatewayLogging: config.getBoolean("apiGatewayLogging"),
    renditionConcurrency: config.get("renditionConcurrency"),
    mfa: config.get("mfa"),
    threatProtection: config.getBoolean("threatProtection"),
    callbackUrls: config.getObject("callbackUrls"),
    logoutUrls: config.getObject("logoutUrls"),
    googleClientId: config.get("googleClientId"),
    facebookClientId: config.get("facebookClientId"),
    oidcIssuer: config.get("oidcIssuer"),
    oidcClientId: config.get("oidcClientId"),
    mailFrom: config.get("mailFrom"),
    mailVerified: config.getBoolean("mailVerified"),
    mailUrl: config.get("mailUrl"),
    webhookPatienceSeconds: config.get("webhookPatienceSeconds"),
    databaseMinimumCapacity: config.get("databaseMinimumCapacity"),
    databaseMaximumCapacity: config.get("databaseMaximumCapacity"),
    databaseInstances: config.get("databaseInstances"),
    databaseLastSnapshot: config.getBoolean("databaseLastSnapshot"),
    apiCacheGb: config.get("apiCacheGb"),
    timeZone: config.get("timeZone"),
  });
  if (result.success) {
    return result.data;
  }
  const stack = pulumi.getStack();
  throw new InvalidConfiguration(
    result.error.issues
      .map(
        ({ path: [key], message }) =>
          `Pulumi.${stack}.yaml: ${pulumi.getProject()}:${String(key)} ${message}; ` +
          `set it with: pulumi config set ${String(key)} <value> --stack ${stack}`,
      )
      .join("\n"),
  );
}
