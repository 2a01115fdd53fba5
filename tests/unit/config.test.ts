import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "../../config";

const valid = {
  "gallery:logRetentionDays": "7",
  "gallery:archiveDays": "30",
  "gallery:apiRate": "50",
  "gallery:apiBurst": "100",
  "gallery:corsOrigins": '["https://gallery.example"]',
  "gallery:deletionProtection": "false",
  "gallery:passwordSignIn": "true",
  "gallery:apiGatewayLogging": "false",
  "gallery:renditionConcurrency": "20",
  "gallery:mfa": "optional",
  "gallery:threatProtection": "true",
  "gallery:callbackUrls": '["http://localhost:3000/signed-in"]',
  "gallery:logoutUrls": "[]",
  "gallery:mailFrom": "Gallery <hello@gallery.example>",
  "gallery:mailVerified": "false",
  "gallery:mailUrl": "https://api.mail.example",
  "gallery:webhookPatienceSeconds": "900",
  "gallery:databaseMinimumCapacity": "0.5",
  "gallery:databaseMaximumCapacity": "8",
  "gallery:databaseInstances": "2",
  "gallery:databaseLastSnapshot": "true",
  "gallery:timeZone": "UTC",
};

function load(change: Record<string, string> = {}) {
  pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "gallery", "dev");
  pulumi.runtime.setAllConfig({ ...valid, ...change });
  return loadConfig();
}

test("reads every key with its type", () => {
  expect(load()).toEqual({
    logRetentionDays: 7,
    archiveDays: 30,
    apiRate: 50,
    apiBurst: 100,
    corsOrigins: ["https://gallery.example"],
    deletionProtection: false,
    passwordSignIn: true,
    apiGatewayLogging: false,
    renditionConcurrency: 20,
    mfa: "optional",
    threatProtection: true,
    callbackUrls: ["http://localhost:3000/signed-in"],
    logoutUrls: [],
    mailFrom: "Gallery <hello@gallery.example>",
    mailVerified: false,
    mailUrl: "https://api.mail.example",
    webhookPatienceSeconds: 900,
    databaseMinimumCapacity: 0.5,
    databaseMaximumCapacity: 8,
    databaseInstances: 2,
    databaseLastSnapshot: true,
    timeZone: "UTC",
  });
});

test("alarms are mailed only where an address is given", () => {
  expect(load().alarmEmail).toBeUndefined();
  expect(load({ "gallery:alarmEmail": "ops@gallery.example" }).alarmEmail).toBe("ops@gallery.example");
});

test.each([
  ["logRetentionDays", "8", /one of 1, 3, 5, 7/],
  ["apiRate", "0", />0/],
  ["apiBurst", "1.5", /int/],
  ["renditionConcurrency", "1", />=2/],
  ["alarmEmail", "ops", /email/],
  ["mfa", "sometimes", /optional/],
  ["callbackUrls", '["http://gallery.example/"]', /begins with https/],
  ["callbackUrls", "[]", />=1/],
  ["oidcClientId", "gallery", /set both or none/],
  ["mailUrl", "mail", /URL/],
  ["mailUrl", "http://api.mail.example", /begins with https/],
  ["webhookPatienceSeconds", "1", />=5/],
  ["databaseMinimumCapacity", "0.3", /multiple of 0.5/],
  ["databaseInstances", "0", />=1/],
  ["apiCacheGb", "1", /0.5/],
  ["timeZone", "Gallery/Standard", /IANA/],
  ["corsOrigins", '["https://gallery.example/path"]', /origin/],
])("%s = %s is refused, with the key and the command that sets it", (key, value, reason) => {
  const attempt = () => load({ [`gallery:${key}`]: value });

  expect(attempt).toThrow(reason);
  expect(attempt).toThrow(`pulumi config set ${key} <value> --stack dev`);
});
