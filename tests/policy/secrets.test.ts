import * as fc from "fast-check";
import { isSecretName, secretKind } from "../../policy/secrets";

const letters = (alphabet: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const lower = upper.toLowerCase();
const digits = "0123456789";
const alphanumeric = upper + lower + digits;

// Put together here, since a scanner of this repository would take whole ones for real.
const secrets: Record<string, fc.Arbitrary<string>> = {
  "an AWS access key": letters(`${upper}234567`, 16).map((id) => `AKIA${id}`),
  "a private key": fc
    .constantFrom("", "RSA ", "EC ")
    .map((kind) => `-----BEGIN ${kind}PRIVATE KEY-----\nMII`),
  "a JSON Web Token": fc
    .tuple(letters(alphanumeric, 20), letters(alphanumeric, 30), letters(alphanumeric, 43))
    .map(([header, claims, signature]) => `eyJ${header}.eyJ${claims}.${signature}`),
  "a GitHub token": letters(alphanumeric, 36).map((id) => `ghp_${id}`),
  "a Stripe key": letters(alphanumeric, 24).map((id) => `sk_live_${id}`),
  "a Slack token": letters(digits, 12).map((id) => `xoxb-${id}-abc`),
  "a Google secret": letters(alphanumeric, 35).map((id) => `AIza${id}`),
  "a SendGrid key": letters(alphanumeric, 43).map((id) => `SG.${id.slice(0, 22)}.${id}`),
  "a URL with a password": letters(lower, 8).map((word) => `postgres://gallery:${word}@db.internal/photos`),
};

const words = fc.array(fc.stringMatching(/^[a-z]{5,10}$/), { minLength: 1, maxLength: 6 });
const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
const name = fc.oneof(
  words.map((parts) => parts.join("-")),
  words.map((parts) => parts.join("_").toUpperCase()),
  words.map((parts) => parts.map(capital).join("")),
  words.map((parts) => parts.map(capital).join("-")),
);
const account = letters(digits, 12);

const harmless: Record<string, fc.Arbitrary<string>> = {
  "a name": name,
  "a name that Pulumi makes": fc.tuple(name, letters("0123456789abcdef", 7)).map((parts) => parts.join("-")),
  "a name that CloudFormation makes": fc
    .tuple(name, letters(upper + digits, 12))
    .map((parts) => parts.join("-")),
  "an ARN": fc
    .tuple(fc.constantFrom("dynamodb", "sqs", "secretsmanager"), account, name)
    .map(([service, id, resource]) => `arn:aws:${service}:eu-west-1:${id}:${resource}`),
  "a URL": fc.webUrl({ withQueryParameters: true }),
  "a queue's URL": fc
    .tuple(account, name)
    .map(([id, queue]) => `https://sqs.eu-west-1.amazonaws.com/${id}/${queue}`),
  "a UUID": fc.uuid(),
  "a user pool": letters(alphanumeric, 9).map((id) => `eu-west-1_${id}`),
  "a user pool's client": letters(lower + digits, 26),
  "a distribution": letters(upper + digits, 13).map((id) => `E${id}`),
  "a digest": letters("0123456789abcdef", 64),
  "a parameter's path": fc.array(name, { minLength: 1 }).map((path) => `/${path.join("/")}`),
  "a number": fc.integer().map(String),
  "an e-mail address": fc.emailAddress(),
  JSON: fc.json(),
  "JSON in Base64": fc.json({ stringUnit: "grapheme" }).map((json) => Buffer.from(json).toString("base64")),
};

describe("secretKind", () => {
  test.each(Object.entries(secrets))("recognises %s by its form", (kind, arbitrary) => {
    fc.assert(fc.property(arbitrary, (value) => expect(secretKind("SETTING", value)).toBe(kind)));
  });

  test.each(Object.entries(harmless))("lets %s pass", (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (value) => expect(secretKind("SETTING", value)).toBeUndefined()),
      { numRuns: 500 },
    );
  });

  test.each(["DB_PASSWORD", "MAIL_API_KEY", "mailApiKey", "WEBHOOK_SECRET", "githubToken", "DB_PWD"])(
    "takes a literal in %s for a secret",
    (variable) => {
      expect(secretKind(variable, "hunter2-hunter2")).toBe("a literal under a secret's name");
    },
  );

  test.each([
    ["DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3"],
    ["MAIL_API_KEY", "/gallery/prod/mail-api-key"],
    ["MAIL_API_KEY", "{{resolve:ssm-secure:mail:1}}"],
    ["REQUIRE_PASSWORD", "true"],
    ["WEBHOOK_SECRET", ""],
    ["TOKEN_TABLE", "connections"],
    ["SECRET_NAME", "gallery-mail"],
    ["API_KEY_ID", "abc123"],
    ["PWD", "/var/task"],
    ["PUBLIC_KEY", "BEl62iUYgUivxIkv69yViEuiBIa40HI80Zo9Fq8bN3Wp1xGc5Yt7QrT2uVnZsKd"],
  ])("lets %s=%s pass", (variable, value) => {
    expect(secretKind(variable, value)).toBeUndefined();
  });

  test("recognises nearly all random bytes in Base64, 30 of them as AWS makes a secret access key", () => {
    // Prepare
    const bytes = fc.uint8Array({ minLength: 30, maxLength: 30 });
    const values = fc
      .sample(bytes, { numRuns: 1000, seed: 1 })
      .map((raw) => Buffer.from(raw).toString("base64"));

    // Act
    const recognised = values.filter((value) => secretKind("SETTING", value) === "a random string");

    // Assess
    expect(recognised.length).toBeGreaterThan(900);
  });

  test("says nothing of the value", () => {
    fc.assert(
      fc.property(letters(alphanumeric, 40), (value) => {
        expect(secretKind("PASSWORD", value)).not.toContain(value);
      }),
    );
  });
});

describe("isSecretName", () => {
  test.each(["/gallery/prod/mail-api-key", "webhookSecret", "DB_PWD", "oidc-client-secret", "token_2"])(
    "takes %s for a secret's",
    (secret) => expect(isSecretName(secret)).toBe(true),
  );

  test.each(["/gallery/prod/mail-url", "secret-arn", "tokens-per-second", "keyboard", "monkey", ""])(
    "lets %s pass",
    (other) => expect(isSecretName(other)).toBe(false),
  );
});
