import type { Resource } from "../engine/resource";
import type { ApiDescription, RouteLimit } from "./throttle";

interface RouteSettings extends RouteLimit {
  readonly routeKey: string;
}

/** The stages of HTTP and WebSocket APIs in a graph, with their routes and limits. */
export function apiDescriptions(resources: readonly Resource[]): ApiDescription[] {
  const ofType = (type: string) =>
    resources.filter((resource) => resource.type === `aws:apigatewayv2/${type}`);
  const routes = ofType("route:Route");
  return ofType("stage:Stage").map(({ inputs }) => ({
    apiId: String(inputs.apiId),
    stage: String(inputs.name),
    routes: routes
      .filter((route) => route.inputs.apiId === inputs.apiId)
      .map((route) => String(route.inputs.routeKey)),
    defaultLimit: inputs.defaultRouteSettings as RouteLimit | undefined,
    routeLimits: Object.fromEntries(
      ((inputs.routeSettings ?? []) as RouteSettings[]).map(({ routeKey, ...limit }) => [routeKey, limit]),
    ),
  }));
}

/** Where APIs are mounted on domains: `photos.example`, or `photos.example/v1` below a path. */
export function mappedHosts(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ type }) => type === "aws:apigatewayv2/apiMapping:ApiMapping")
    .map(({ inputs: { domainName, apiMappingKey } }) =>
      [domainName, apiMappingKey].filter(Boolean).join("/"),
    );
}
