import type { IncomingHttpHeaders } from "node:http";

/** What the emulator takes for the account's root, whatever the signature; its digits are those of any script. */
const ROOT_KEY = /^(test|\p{Nd}{12})$/u;

/** Query parameters, in lower case, with which a request is no longer anonymous. */
const CREDENTIAL_PARAMETERS = new Set([
  "awsaccesskeyid",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-signature",
]);

interface Signed {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
}

export function isRootKey(accessKey: string): boolean {
  return ROOT_KEY.test(accessKey);
}

/** Every access key a request names, in whatever form and spelling the emulator would read one. */
export function accessKeysOf({ headers, query }: Signed): string[] {
  const { authorization = "" } = headers;
  const keys = authorization.startsWith("AWS")
    ? [...authorization.matchAll(/Credential=([^/]+)\/|^AWS ([^:]+):/g)].map(([, v4, v2]) => v4 ?? v2 ?? "")
    : [];
  for (const [name, value] of query) {
    const parameter = name.toLowerCase();
    if (parameter === "x-amz-credential" || parameter === "awsaccesskeyid") {
      keys.push(value.split("/", 1)[0] ?? "");
    }
  }
  return keys;
}

/** Whether a request shows credentials of any kind, AWS's or not. */
export function bearsCredentials({ headers, query }: Signed): boolean {
  return (
    Boolean(headers.authorization) ||
    [...query.keys()].some((name) => CREDENTIAL_PARAMETERS.has(name.toLowerCase()))
  );
}

/**
 * Whether the emulator would act on a service's call as root: with root's key, and with credentials that name no
 * key, such as a bearer token, which it mistakes for root's.
 */
export function claimsRoot(request: Signed): boolean {
  const keys = accessKeysOf(request);
  return keys.length > 0 ? keys.some((key) => key === "" || isRootKey(key)) : bearsCredentials(request);
}
