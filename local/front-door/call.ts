import { type ApiAddress, apiAddress, userPoolPage } from "./api";
import type { Body } from "./body";
import { ANONYMOUS, type Caller, type Callers, userOf } from "./caller";
import { credentialOf, parseCredential } from "./credential";
import { type Ask, asksOf, type Head } from "./operation";
import { FORM_BEGINNING_BYTES, formField, isFormUpload } from "./s3";

/** What a request asks of whom, as far as it can be read. */
export interface Call {
  /**
   * `aws`: a call of an AWS service. `api`: what a client without AWS credentials may ask: a route of an API, a
   * sign-in at Cognito. `other`: anything else, such as the emulator's own addresses.
   */
  readonly kind: "aws" | "api" | "other";
  /** IAM's prefix of the service, `dynamodb`; empty for `other`. */
  readonly service: string;
  /**
   * IAM style, `dynamodb:PutItem`; an operation of a REST service that its table does not name is
   * `<service>:<METHOD>`. The method alone for `other`.
   */
  readonly action: string;
  /**
   * ARN, or the name where no ARN can be known: `<api>/<stage>/<METHOD>/<path>` of an API request, the path of
   * `other`, a connection's `$connect` as path of a WebSocket. `*` when the request names none.
   */
  readonly resource: string;
  /** What a batch or transaction asks for besides. */
  readonly further: readonly Ask[];
  /** Region the request is signed for. */
  readonly region: string | undefined;
  readonly caller: Caller;
  /** Only for a request of an API's route or WebSocket. */
  readonly api?: ApiAddress;
}

/** A request as the front door receives it. */
export interface IncomingCall extends Head {
  readonly upgrade: boolean;
}

const COGNITO_TARGETS = /^AWSCognito(IdentityProviderService|IdentityService)\./;

/** Recognises a request. Reads the body only where an AWS protocol names its resource there. */
export async function recognise(request: IncomingCall, body: Body, callers: Callers): Promise<Call> {
  const { method, path, query, headers } = request;
  const address = apiAddress(headers.host, path);
  const signer = credentialOf(headers, query);
  if (address) {
    const caller = signer ? callers.name(signer.accessKey) : userOf(headers.authorization);
    return apiCall(request, address, signer?.region, caller);
  }
  const credential = signer ?? (await formCredential(request, body));
  if (credential) {
    const caller = callers.name(credential.accessKey);
    return awsCall("aws", request, body, credential, callers.accountOf(credential.accessKey), caller);
  }
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    const service = COGNITO_TARGETS.test(target) ? "cognito-idp" : serviceOfTarget(target);
    const kind = service === "cognito-idp" ? "api" : "aws";
    return awsCall(kind, request, body, { service, region: undefined }, callers.account, ANONYMOUS);
  }
  const page = userPoolPage(method, path);
  if (page) {
    const resource = page.pool ?? query.get("client_id") ?? "*";
    return {
      ...NOTHING,
      kind: "api",
      service: "cognito-idp",
      action: `cognito-idp:${page.action}`,
      resource,
    };
  }
  return { ...NOTHING, action: method, resource: path };
}

/** A call of which nothing is known. */
export const NOTHING: Call = {
  kind: "other",
  service: "",
  action: "",
  resource: "*",
  further: [],
  region: undefined,
  caller: ANONYMOUS,
};

function apiCall(
  { method, upgrade }: IncomingCall,
  address: ApiAddress,
  region: string | undefined,
  caller: Caller,
): Call {
  const management = address.path.startsWith("/@connections/");
  const route = upgrade ? "/$connect" : `/${method}${address.path}`;
  return {
    kind: management ? "aws" : "api",
    service: "execute-api",
    action: management ? "execute-api:ManageConnections" : "execute-api:Invoke",
    resource: `${address.apiId}/${address.stage}${route}`,
    further: [],
    region,
    caller,
    ...(management ? {} : { api: address }),
  };
}

async function awsCall(
  kind: "aws" | "api",
  request: IncomingCall,
  body: Body,
  scope: { readonly service: string; readonly region: string | undefined },
  account: string,
  caller: Caller,
): Promise<Call> {
  const [first, ...further] = await asksOf(request, body, scope, account);
  const { action = "", resource = "*" } = first ?? {};
  const [service = ""] = action.split(":");
  return { kind, service, action, resource, further, region: scope.region, caller };
}

/** `DynamoDB_20120810.PutItem` → `dynamodb`: good enough for a call that nobody signed. */
function serviceOfTarget(target: string): string {
  return (/^(?:Amazon|AWS)?([A-Za-z]+)/.exec(target)?.[1] ?? "").toLowerCase();
}

/** A browser's upload carries its presigned policy in the form. */
async function formCredential({ method, headers }: IncomingCall, body: Body) {
  return isFormUpload(method, headers)
    ? parseCredential(formField(await body.beginning(FORM_BEGINNING_BYTES), "X-Amz-Credential"))
    : undefined;
}
