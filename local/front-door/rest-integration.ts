import type { Reply } from "./interceptor";
import { reply } from "./reply";
import { type RestBackend, type ServiceAnswer, serviceAddress } from "./rest-backend";
import type { RestBatches } from "./rest-batches";
import type { RestAnswer, RestIntegration, RestMethod } from "./rest-description";
import { type Refusal, refuse } from "./rest-refusal";
import { contextOf, mappedValue, mediaType, type RestRequest } from "./rest-request";
import { evaluate, type TemplateScope } from "./rest-template";

/** Who calls services for integrations. */
export interface Backends {
  readonly backend: Pick<RestBackend, "call">;
  readonly batches: Pick<RestBatches, "send">;
}

/** Whether API Gateway answers it without a function or another server: by a service of AWS, or by itself. */
export function isDirect({ authorization, integration: { type, uri } }: RestMethod): boolean {
  const isService = type === "AWS" && !/:lambda:path\//.test(uri);
  return authorization === "NONE" && (isService || type === "MOCK");
}

/** Answers a request by a direct integration: maps it, makes the call, maps the answer. */
export async function integrate(
  request: RestRequest,
  { integration }: RestMethod,
  body: string,
  backends: Backends,
): Promise<Reply> {
  const type = mediaType(request.exchange);
  const template = templateFor(integration, type);
  if (template === undefined && !passesThrough(integration)) {
    return refuse(request, "UNSUPPORTED_MEDIA_TYPE");
  }
  const scope = scopeOf(request, body);
  const mapped = template === undefined ? body : evaluate(template, scope).text;
  try {
    const answer =
      integration.type === "MOCK"
        ? { status: mockStatus(mapped), headers: {}, body: "" }
        : await callService(request, integration, mapped, backends);
    return typeof answer === "string"
      ? refuse(request, answer)
      : answered(request, integration, answer, scope);
  } catch (error) {
    tellOnce(`The integration of ${request.method?.key} failed: ${String(error)}`);
    return refuse(request, "INTEGRATION_FAILURE");
  }
}

let lastTold = "";

/** A flood of requests must not become one of lines. */
function tellOnce(message: string): void {
  if (message !== lastTold) {
    lastTold = message;
    console.error(message);
  }
}

function templateFor({ requestTemplates }: RestIntegration, type: string): string | undefined {
  return Object.entries(requestTemplates).find(
    ([key]) => key.split(";", 1)[0]?.trim().toLowerCase() === type,
  )?.[1];
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html */
function passesThrough({ passthroughBehavior, requestTemplates }: RestIntegration): boolean {
  return (
    passthroughBehavior === "WHEN_NO_MATCH" ||
    (passthroughBehavior === "WHEN_NO_TEMPLATES" && Object.keys(requestTemplates).length === 0)
  );
}

async function callService(
  request: RestRequest,
  { uri, credentials, requestParameters }: RestIntegration,
  body: string,
  { backend, batches }: Backends,
): Promise<ServiceAnswer | Refusal> {
  const address = serviceAddress(uri);
  if (!address || credentials === undefined) {
    return "API_CONFIGURATION_ERROR";
  }
  const headers = Object.entries(requestParameters).flatMap(([target, source]) => {
    const name = /^integration\.request\.header\.(.+)$/.exec(target)?.[1];
    const value = mappedValue(request, source);
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value] as const];
  });
  const call = { address, role: credentials, headers: Object.fromEntries(headers), body };
  return (await batches.send(call)) ?? backend.call(call);
}

function mockStatus(mapped: string): number {
  return Number(/"statusCode"\s*:\s*"?(\d{3})/.exec(mapped)?.[1] ?? 500);
}

function answered(
  request: RestRequest,
  { answers }: RestIntegration,
  answer: ServiceAnswer,
  scope: TemplateScope,
): Reply {
  const chosen = answerFor(answers, answer.status);
  if (!chosen) {
    return refuse(request, "API_CONFIGURATION_ERROR");
  }
  const { statusCode, responseParameters, responseTemplates } = chosen;
  const template = responseTemplates["application/json"] ?? Object.values(responseTemplates)[0];
  const { text, override } =
    template === undefined
      ? { text: answer.body, override: { headers: {} } }
      : evaluate(template, { ...scope, body: answer.body });
  const mapped = Object.entries(responseParameters).flatMap(([target, source]) => {
    const name = target.replace("method.response.header.", "").toLowerCase();
    const value = responseValue(request, answer, source);
    return value === undefined ? [] : [[name, value] as const];
  });
  const { "content-type": contentType = "application/json", ...headers }: Record<string, string> = {
    ...Object.fromEntries(mapped),
    ...override.headers,
  };
  return reply("status" in override ? (override.status ?? 500) : Number(statusCode), contentType, text, {
    "x-amzn-requestid": request.requestId,
    ...headers,
  });
}

function answerFor(answers: readonly RestAnswer[], status: number): RestAnswer | undefined {
  const fitting = answers.find(
    ({ selectionPattern }) =>
      selectionPattern !== undefined && new RegExp(`^(?:${selectionPattern})$`).test(String(status)),
  );
  const byDefault = () =>
    answers.find((answer) => !answer.selectionPattern && answer.statusCode === String(status)) ??
    answers.find((answer) => !answer.selectionPattern);
  return fitting ?? byDefault();
}

function responseValue(request: RestRequest, { headers }: ServiceAnswer, source: string): string | undefined {
  const header = /^integration\.response\.header\.(.+)$/.exec(source)?.[1];
  const value = header === undefined ? mappedValue(request, source) : headers[header.toLowerCase()];
  return Array.isArray(value) ? value.join(",") : value;
}

function scopeOf(request: RestRequest, body: string): TemplateScope {
  const { exchange, pathParameters, stage } = request;
  const header = Object.entries(exchange.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return {
    body,
    params: {
      path: pathParameters,
      querystring: Object.fromEntries(exchange.query),
      header: Object.fromEntries(header),
    },
    context: contextOf(request),
    stageVariables: stage.variables,
  };
}
