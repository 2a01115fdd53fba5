import { isUtf8 } from "node:buffer";

/** Formats by which the issuers make their secrets recognisable, each with where the issuer says so. */
const formats: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  { kind: "an AWS access key", pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  // https://www.rfc-editor.org/rfc/rfc7468#section-10
  { kind: "a private key", pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  // https://www.rfc-editor.org/rfc/rfc7519#section-3.1
  { kind: "a JSON Web Token", pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/ },
  // https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
  { kind: "a GitHub token", pattern: /\b(?:gh[oprsu]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/ },
  // https://docs.stripe.com/keys and https://docs.stripe.com/webhooks#verify-events
  {
    kind: "a Stripe key",
    pattern: /\b(?:[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,})/,
  },
  // https://docs.slack.dev/authentication/tokens and https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
  {
    kind: "a Slack token",
    pattern: /\b(?:xox[abeoprs]-|xapp-)[\w-]{10,}|hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/,
  },
  // https://cloud.google.com/docs/authentication/api-keys
  { kind: "a Google secret", pattern: /\b(?:AIza[\w-]{35}|GOCSPX-[\w-]{28})/ },
  // https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys
  { kind: "a SendGrid key", pattern: /\bSG\.[\w-]{16,}\.[\w-]{32,}/ },
  // https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
  { kind: "a URL with a password", pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:[^/?#\s@]+@/i },
];

const secretName =
  /(?:^|_)(?:password|passwd|passphrase|secret|token|credentials?|(?:api|access|auth|encryption|master|private|secret|signing)_?key)(?:_?\d+)?$|_pwd$/;

/** What may stand for a secret in the open: an ARN, a parameter's path, a dynamic reference, a URL. */
const reference = /^(?:arn:aws[\w-]*:|\/[\w./-]+$|\{\{resolve:|https?:\/\/)/;

/** What a name such as `REQUIRE_PASSWORD` or `MIN_TOKEN` may be set to. */
const flag = /^(?:true|false|\d{1,3})?$/i;

/**
 * Says what kind of secret a named value is, or undefined for what may be read by all: names, ARNs, URLs, ids.
 * The answer holds nothing of the value, so it may be printed.
 */
export function secretKind(name: string, value: string): string | undefined {
  const format = formats.find(({ pattern }) => pattern.test(value));
  if (format) return format.kind;
  const words = snakeCase(name);
  if (reference.test(value)) return undefined;
  if (isSecretName(name) && !flag.test(value)) return "a literal under a secret's name";
  return !/(?:^|_)public(?:_|$)/.test(words) && looksRandom(value) ? "a random string" : undefined;
}

/** Whether what goes by this name is a secret: `mailApiKey`, `/gallery/prod/webhook-secret`, `DB_PWD`. */
export const isSecretName = (name: string) => secretName.test(snakeCase(name));

/** `mailApiKey`, `MAIL_API_KEY` and `mail-api-key` are `mail_api_key`. */
const snakeCase = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();

/**
 * Whether a text is Base64 of random bytes, at least 24 of them: finds 19 of 20. Random text changes the kind of
 * letter at three of five letters. What AWS makes up is of one case, and words change it twice each.
 */
function looksRandom(value: string): boolean {
  if (!/^[A-Za-z0-9+/_-]{32,}={0,2}$/.test(value)) return false;
  if (![/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(value))) return false;
  // One part of words is enough to tell a name from Base64 that happens to have a dash.
  const parts = value.split(/[-_]/).filter(({ length }) => length > 4);
  if (parts.some((part) => changeRate(part) < 0.4)) return false;
  return changeRate(value) > 0.45 && entropyBits(value) > 4 && !isText(value);
}

/** At how many of its letters a text goes from one kind to another: upper case, lower case, digit, sign. */
function changeRate(text: string): number {
  const kinds = [...text].map((letter) => [/[a-z]/, /[A-Z]/, /\d/].findIndex((kind) => kind.test(letter)));
  return kinds.filter((kind, i) => i > 0 && kind !== kinds[i - 1]).length / kinds.length;
}

/** Shannon entropy per letter. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()]
    .map((count) => count / text.length)
    .reduce((bits, share) => bits - share * Math.log2(share), 0);
}

/** Encoded settings, such as JSON, are no secret for being in Base64. */
const isText = (base64: string) => isUtf8(Buffer.from(base64, "base64"));
