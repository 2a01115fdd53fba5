import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ApiParts } from "./api-parts";
import { allowedOrigin } from "./cors";

/** Answers what browsers ask before a page of another origin may call, from API Gateway itself. */
export function createPreflight(
  name: string,
  resource: { readonly restApi: pulumi.Output<string>; readonly resourceId: pulumi.Output<string> },
  origins: readonly string[],
  /** That the routes of this path read, besides `content-type`. */
  headers: Promise<readonly string[]>,
  parts: ApiParts,
): void {
  const { parameters, template } = allowedOrigin(origins);
  const method = parts.add(aws.apigateway.Method, `${name}-method`, {
    ...resource,
    httpMethod: "OPTIONS",
    authorization: "NONE",
  });
  const place = { ...resource, httpMethod: method.httpMethod };
  const integration = parts.add(
    aws.apigateway.Integration,
    `${name}-integration`,
    { ...place, type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 204}' } },
    [method],
  );
  const fixed = {
    ...parameters,
    "method.response.header.Access-Control-Allow-Methods": "'GET,POST,PUT,PATCH,DELETE'",
    "method.response.header.Access-Control-Max-Age": "'600'",
  };
  const allowHeaders = "method.response.header.Access-Control-Allow-Headers";
  const declared = parts.add(
    aws.apigateway.MethodResponse,
    `${name}-response`,
    {
      ...place,
      statusCode: "204",
      responseParameters: Object.fromEntries(
        [...Object.keys(fixed), allowHeaders].map((parameter) => [parameter, true]),
      ),
    },
    [method],
  );
  parts.add(
    aws.apigateway.IntegrationResponse,
    `${name}-answer`,
    {
      ...place,
      statusCode: "204",
      responseParameters: {
        ...fixed,
        [allowHeaders]: headers.then((read) => `'${["content-type", ...read].join(",")}'`),
      },
      responseTemplates: { "application/json": template },
    },
    [integration, declared],
  );
}
