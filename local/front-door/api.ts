import { decodePercent } from "./percent";
import { Routes } from "./routes";

/** Where an API request is addressed. */
export interface ApiAddress {
  readonly apiId: string;
  /** First path segment: the stage, unless the API serves from its `$default` stage. */
  readonly stage: string;
  /** What follows, percent-encoded, at least `/`. */
  readonly path: string;
}

const HOST = /^([a-z0-9]+)\.execute-api\./;
const PATH = /^\/_aws\/execute-api\/([^/]+)\/([^/]+)(\/.*)?$/;
const REST_PATH = /^\/restapis\/([^/]+)\/([^/]+)\/_user_request_(\/.*)?$/;

/** Recognises `<api>.execute-api.…/<stage>/…` and the emulator's two path forms of it. */
export function apiAddress(host: string | undefined, path: string): ApiAddress | undefined {
  const byHost = HOST.exec(host ?? "")?.[1];
  if (byHost) {
    const [, stage = "", rest] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? [];
    return { apiId: byHost, stage: stage || "$default", path: rest ?? "/" };
  }
  const [, apiId, stage, rest] = PATH.exec(path) ?? REST_PATH.exec(path) ?? [];
  return apiId && stage ? { apiId, stage: decodePercent(stage), path: rest ?? "/" } : undefined;
}

const USER_POOL_PAGES = new Routes([
  "ANY /{UserPoolId}/.well-known/{document}",
  "ANY /oauth2/{endpoint}",
  "ANY /{page}",
  "ANY /saml2/idpresponse",
]);
const PAGES = new Set(["login", "logout", "signup", "confirmUser", "forgotPassword", "error"]);
const USER_POOL_ID = /^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]+$/;

/**
 * Recognises what a user pool serves to browsers without credentials: managed login, OAuth endpoints, keys.
 * IAM knows no actions for these; they are named as CloudTrail names them, `Login_GET`, `Token_POST`.
 */
export function userPoolPage(method: string, path: string): { action: string; pool?: string } | undefined {
  const match = USER_POOL_PAGES.match(method, path);
  const { UserPoolId: pool, document, endpoint, page } = match?.params ?? {};
  if (!match || (page && !PAGES.has(page)) || (pool && !USER_POOL_ID.test(pool))) {
    return undefined;
  }
  const [name = ""] = (document ?? endpoint ?? page ?? "idpresponse").split(".");
  const action = `${name.charAt(0).toUpperCase()}${name.slice(1)}_${method}`;
  return pool ? { action, pool } : { action };
}
