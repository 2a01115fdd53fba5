import { accessKeysOf, bearsCredentials, claimsRoot, isRootKey } from "./access-keys";
import { awsError } from "./aws-error";
import { parseCredential } from "./credential";
import { formCredential } from "./form-upload";
import { Hosts, type Place } from "./hosts";
import type { Exchange, Interceptor, Reply } from "./interceptor";
import { isOwnAddress } from "./own-address";
import { isForeign, isFromPage } from "./page";
import { problemReply } from "./reply";
import { isFormUpload } from "./s3";

/** Header in which the engine shows the token of this start; it goes no further than the front door. */
export const DEPLOYER_HEADER = "x-gallery-deployer";

/** What the emulator lets everybody see of itself that a developer needs. */
const INSPECTION = new Set([
  "/_ministack/health",
  "/_ministack/ses/messages",
  "/_ministack/sns/sms-messages",
]);
const ADMIN = /^\/_(ministack|localstack)(\/|$)/;

/** Path forms of an API that the emulator cannot take for anything else. */
const API_PATH = /^\/(_aws\/execute-api\/[a-z0-9]+\/|restapis\/[a-z0-9]+\/[\w$-]+\/_user_request_(\/|$))/;
const API_HOST = /^[0-9a-f]{8}\.execute-api\.localhost(:\d+)?$/;
/** Paths that the emulator gives to a service of AWS before it looks for an API by the host's name. */
const BEFORE_API =
  /^\/(iceberg|v2\/|v20180820\/|(Execute|BeginTransaction|CommitTransaction|RollbackTransaction|BatchExecute|WriteGetObjectResponse)$)/;

/** Pages of a user pool that take credentials of their own: a client's secret, an access token. */
const TOKEN_PAGE = /^((GET|POST) \/oauth2\/user[Ii]nfo|POST \/oauth2\/token)$/;

/** A page's form is looked through as a whole; what is larger goes by a presigned PUT. */
const LARGEST_FORM_BYTES = 64 * 1024 * 1024;

/**
 * Keeps the emulator, whose root needs no password and whose functions run as this machine's user, from web pages
 * and from root's key in a function.
 *
 * - A host that is neither loopback nor declared is refused: DNS rebinding.
 * - The emulator's own addresses are closed, but for mails, text messages and health.
 * - A page, whatever its origin, gets what AWS gives to browsers that hold no key: API requests, unsigned calls and
 *   pages of Cognito, S3 by presigned URL or form; of the front door's own addresses, those of its own origin.
 * - Root's key is the engine's, which shows the token of this start, and a terminal's: the AWS CLI, a test. A page
 *   never has it. A function is denied it as by AWS where it can be told: its SDK says so in its user agent
 *   (`AWS_EXECUTION_ENV`) or passes on its trace header.
 *
 * The last is a compromise. A terminal's call bears nothing a function could not forge, so this catches the mistake
 * of a callback, not its malice: a function is a process of the same user and needs no front door to do harm.
 */
export class Guard implements Interceptor {
  readonly name = "guard";
  readonly #hosts = new Hosts();

  constructor(private readonly deployerToken: string) {}

  /**
   * Custom domains of the program's APIs, besides loopback: `photos.example`, or `photos.example/v1` for a mapping
   * with that base path. Replaces those before. @default none
   */
  allowHosts(names: readonly string[]): void {
    this.#hosts.allow(names);
  }

  async before(exchange: Exchange): Promise<Reply | undefined> {
    const { method, path, headers } = exchange;
    const plainPath = decodeAscii(path);
    const place = this.#hosts.place(headers.host, plainPath);
    if (!place) {
      return forbidden(
        `The front door serves loopback (127.0.0.1, localhost, names below .localhost) and the program's custom domains, not http://${headers.host ?? ""}${path}.`,
      );
    }
    const isApi = isApiRequest(exchange, plainPath, place);
    if (ADMIN.test(plainPath)) {
      return inspect(method, path) && !isForeign(headers)
        ? undefined
        : problemReply(404, "Not Found", `${method} ${path} of the emulator is closed.`);
    }
    if (isOwnAddress(exchange)) {
      return isForeign(headers)
        ? forbidden("Pages of other origins may not read the front door's own addresses.")
        : undefined;
    }
    const isPage = isFromPage(headers);
    if (isPage && !(await isForPages(exchange, isApi))) {
      return refusePage(exchange);
    }
    const isRoot = asksAsRoot(exchange, isApi);
    const mayBeRoot = headers[DEPLOYER_HEADER] === this.deployerToken || !isFromFunction(exchange);
    return isRoot && (isPage || !mayBeRoot) ? unknownKey(exchange) : undefined;
  }
}

function isApiRequest({ headers, path }: Exchange, plainPath: string, place: Place): boolean {
  // Posting to a connection is a call of AWS, by IAM's leave.
  if (plainPath.includes("/@connections/")) {
    return false;
  }
  const byHost = place === "domain" || API_HOST.test(headers.host ?? "");
  return API_PATH.test(path) || (byHost && !BEFORE_API.test(plainPath));
}

function inspect(method: string, path: string): boolean {
  return method === "GET" && INSPECTION.has(path);
}

/** What AWS answers to a browser that holds no access key; a key in it is looked at by {@link asksAsRoot}. */
async function isForPages(exchange: Exchange, isApi: boolean): Promise<boolean> {
  const { method, path, headers, call } = exchange;
  // A preflight only asks what would be allowed, and the emulator never acts on one.
  if (isApi || method === "OPTIONS") {
    return true;
  }
  if (call.kind === "api" && call.service === "cognito-idp") {
    const isSignIn = headers["x-amz-target"] === undefined || (method === "POST" && path === "/");
    return isSignIn && (!bearsCredentials(exchange) || isTokenPage(exchange));
  }
  return call.service === "s3" && !headers.authorization && (await isPresigned(exchange));
}

/** Complete and of S3: the emulator then verifies it, and lets no other service take it. */
async function isPresigned(exchange: Exchange): Promise<boolean> {
  const { method, query, headers, body } = exchange;
  if (bearsCredentials(exchange)) {
    const scope = parseCredential(query.get("X-Amz-Credential"));
    return (
      accessKeysOf(exchange).length === 1 &&
      query.get("X-Amz-Algorithm") === "AWS4-HMAC-SHA256" &&
      Boolean(query.get("X-Amz-Signature")) &&
      scope?.service === "s3" &&
      scope.region !== undefined
    );
  }
  if (!isFormUpload(method, headers)) {
    return false;
  }
  const form = await body.whole(LARGEST_FORM_BYTES);
  const scope = form && parseCredential(formCredential(headers["content-type"] ?? "", form));
  return scope?.service === "s3" && !isRootKey(scope.accessKey);
}

function asksAsRoot(exchange: Exchange, isApi: boolean): boolean {
  const { method, headers, call } = exchange;
  if (isApi || isTokenPage(exchange)) {
    return accessKeysOf(exchange).some(isRootKey);
  }
  const isRootsForm =
    isFormUpload(method, headers) && call.caller.name === "deployer" && !call.caller.function;
  return isRootsForm || claimsRoot(exchange);
}

function isTokenPage({ method, path, query }: Exchange): boolean {
  return TOKEN_PAGE.test(`${method} ${path}`) && !bearsCredentials({ headers: {}, query });
}

function isFromFunction({ headers }: Exchange): boolean {
  const agent = `${headers["user-agent"] ?? ""} ${headers["x-amz-user-agent"] ?? ""}`;
  return headers["x-amzn-trace-id"] !== undefined || agent.includes("exec-env/AWS_Lambda");
}

/** Decodes as far as the paths above go; a malformed escape elsewhere does not hide them. */
function decodeAscii(path: string): string {
  return path.replace(/%([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function forbidden(detail: string): Reply {
  return problemReply(403, "Forbidden", detail);
}

function refusePage(exchange: Exchange): Reply {
  const message =
    "A web page may call APIs, Cognito without a signature and S3 by presigned URL or form; anything else only a program outside a browser.";
  return exchange.call.kind === "aws"
    ? awsError(exchange, 403, "AccessDeniedException", message)
    : forbidden(message);
}

/** As AWS refuses a key it does not know. */
function unknownKey(exchange: Exchange): Reply {
  const { headers, call } = exchange;
  const isQuery = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const code =
    call.service === "s3"
      ? "InvalidAccessKeyId"
      : isQuery
        ? "InvalidClientTokenId"
        : "UnrecognizedClientException";
  return awsError(
    exchange,
    403,
    code,
    "The security token included in the request is invalid: root's key of the local cloud is for its engine and for terminals, not for functions or web pages. A function has the credentials of its role.",
  );
}
