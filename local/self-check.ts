import type { Resource } from "./engine/resource";

/** One request of the self-check, and whether it was answered with 2xx. */
export interface Checked {
  readonly request: string;
  readonly answer: string;
  readonly ok: boolean;
}

/** Something that was deployed does not answer as it should. */
export class SelfCheckFailed extends Error {
  constructor(failed: readonly Checked[]) {
    super(failed.map(({ request, answer }) => `${request} answered ${answer}`).join("\n"));
  }
}

/** Asks every route that needs neither token nor parameter. */
export async function selfCheck(resources: readonly Resource[]): Promise<Checked[]> {
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
      const text = response.ok ? "" : ` ${await response.text()}`;
      return { request: `GET ${url}`, answer: `${response.status}${text}`, ok: response.ok };
    }),
  );
}

function urlOf(resources: readonly Resource[], apiId: string): string {
  const stage = resources.find(
    ({ type, inputs }) => type === "aws:apigatewayv2/stage:Stage" && inputs.apiId === apiId,
  );
  return String(stage?.outputs.invokeUrl).replace(/\/$/, "");
}
