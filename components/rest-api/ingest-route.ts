import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trust } from "../iam";
import type { Route } from "../route-contract";
import type { ApiParts } from "./api-parts";
import { allowedOrigin } from "./cors";
import { type IngestTarget, notStored } from "./ingest-target";
import { problemType } from "./problem-template";

/** A contract from which API Gateway would lose a part, as it stores bodies only. */
export class StoresBodyOnly extends pulumi.RunError {}

/** @throws StoresBodyOnly */
export function checkStorable(
  name: string,
  contract: Route & { readonly body?: unknown; readonly query?: unknown },
): void {
  if (!contract.body || contract.query || contract.path.includes("{")) {
    throw new StoresBodyOnly(
      `${name}: API Gateway stores the body and nothing else; give the contract a body, and no query or path parameters`,
    );
  }
}

/**
 * VTL that sets `$message` to what is stored: `{ id, receivedAt, body }`. The body is written anew from what was read of
 * the JSON, so that its reader sees what the validator saw; a text that VTL has made is never read as VTL. `id` is the
 * one of the request that clients cannot choose.
 */
const setMessage = [
  `#set($begin = '{"id":"')`,
  `#set($time = '","receivedAt":')`,
  `#set($rest = ',"body":')`,
  "#set($end = '}')",
  "#set($body = $input.json('$'))",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: references of VTL.
  '#set($message = "${begin}${context.extendedRequestId}${time}${context.requestTimeEpoch}${rest}${body}${end}")',
].join("");

/** An integration that stores the body, as a role which may do that alone. */
export function createIngest(
  name: string,
  restApi: aws.apigateway.RestApi,
  method: aws.apigateway.Method,
  target: IngestTarget,
  origins: readonly string[],
  parts: ApiParts,
): aws.iam.Role {
  const opts = { parent: parts.owner };
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: trust("apigateway.amazonaws.com") },
    opts,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      role: role.name,
      policy: policyDocument([{ Effect: "Allow", Action: [target.action], Resource: target.arn }]),
    },
    opts,
  );
  const place = { restApi: restApi.id, resourceId: method.resourceId, httpMethod: method.httpMethod };
  const integration = parts.add(
    aws.apigateway.Integration,
    `${name}-integration`,
    {
      ...place,
      type: "AWS",
      integrationHttpMethod: "POST",
      uri: target.uri,
      credentials: role.arn,
      // What is no application/json has passed no model, and gets 415.
      passthroughBehavior: "NEVER",
      requestParameters: { "integration.request.header.Content-Type": `'${target.contentType}'` },
      requestTemplates: { "application/json": pulumi.interpolate`${setMessage}${target.request}` },
    },
    [method, policy],
  );
  const { parameters, template } = allowedOrigin(origins);
  const asProblem = { "method.response.header.Content-Type": `'${problemType}'` };
  respond("202", "200", `{"id":"$context.extendedRequestId"}`);
  respond("413", "400", target.refusal, asProblem);
  respond("503", undefined, notStored, { ...asProblem, "method.response.header.Retry-After": "'1'" });
  return role;

  /** @param pattern of the store's status; without one, what no other pattern fits */
  function respond(
    statusCode: string,
    pattern: string | undefined,
    body: string,
    own: Readonly<Record<string, string>> = {},
  ): void {
    const responseParameters = { ...own, ...parameters };
    const declared = parts.add(
      aws.apigateway.MethodResponse,
      `${name}-response-${statusCode}`,
      {
        ...place,
        statusCode,
        responseParameters: Object.fromEntries(Object.keys(responseParameters).map((key) => [key, true])),
      },
      [method],
    );
    parts.add(
      aws.apigateway.IntegrationResponse,
      `${name}-answer-${statusCode}`,
      {
        ...place,
        statusCode,
        selectionPattern: pattern,
        responseParameters,
        responseTemplates: { "application/json": `${template}${body}` },
      },
      [integration, declared],
    );
  }
}
