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
  ["corsOrigins", '["https://gallery.example/path"]', /origin/],
])("%s = %s is refused, with the key and the command that sets it", (key, value, reason) => {
  const attempt = () => load({ [`gallery:${key}`]: value });

  expect(attempt).toThrow(reason);
  expect(attempt).toThrow(`pulumi config set ${key} <value> --stack dev`);
});
