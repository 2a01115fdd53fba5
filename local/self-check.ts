import type { Resource } from "./engine/resource";

/** Something that was deployed does not answer as it should. */
export class SelfCheckFailed extends Error {}

/** Asks every route that needs neither token nor parameter; each must answer with 2xx. */
export async function selfCheck(resources: readonly Resource[]): Promise<string[]> {
  const routes = resources.filter(
    ({ type, inputs }) =>
      type === "aws:apigatewayv2/route:Route" &&
      (inputs.authorizationType ?? "NONE") === "NONE" &&
      /^GET \/[^{}]*$/.test(String(inputs.routeKey)),
  );
  return Promise.all(
    routes.map(async ({ inputs }) => {
      const [, route = "/"] = String(inputs.routeKey).split(" ");
      const url = `${urlOf(resources, String(inputs.apiId))}${route}`;
      const response = await fetch(url);
      if (!response.ok) {
        throw new SelfCheckFailed(`GET ${url} answered ${response.status}: ${await response.text()}`);
      }
      return `GET ${url} ${response.status}`;
    }),
  );
}

function urlOf(resources: readonly Resource[], apiId: string): string {
  const stage = resources.find(
    ({ type, inputs }) => type === "aws:apigatewayv2/stage:Stage" && inputs.apiId === apiId,
  );
  if (!stage) {
    throw new SelfCheckFailed(`The API ${apiId} has no stage, so nothing can call it`);
  }
  return String(stage.outputs.invokeUrl).replace(/\/$/, "");
}
