import type { Place } from "../engine/resource";

/** A part of API Gateway by its path, such as `restapis/a1b2c3`. */
export function gatewayArn(path: string, { region }: Place): string {
  return `arn:aws:apigateway:${region}::/${path}`;
}

/** What an API's routes are called in policies, up to the stage. */
export function executionArn(restApi: string, { region, account }: Place): string {
  return `arn:aws:execute-api:${region}:${account}:${restApi}`;
}

/** Where clients reach a stage: the path form of the front door in the local cloud, which needs no DNS. */
export function invokeUrl(restApi: string, stage: string, { endpoint, region }: Place): string {
  return endpoint
    ? `${endpoint}/_aws/execute-api/${restApi}/${stage}`
    : `https://${restApi}.execute-api.${region}.amazonaws.com/${stage}`;
}

interface PatchOperation {
  op: "replace";
  path: string;
  value: string;
}

/** The changes of these texts, as API Gateway takes changes. */
export function patches<T extends object>(
  inputs: T,
  old: T,
  names: readonly (keyof T & string)[],
): PatchOperation[] {
  return names
    .filter((name) => inputs[name] !== old[name])
    .map((name) => ({ op: "replace", path: `/${name}`, value: String(inputs[name] ?? "") }));
}
