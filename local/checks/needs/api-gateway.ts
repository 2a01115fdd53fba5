import { functionArnIn } from "../arn";
import type { Graph } from "../graph";
import { invokes, type Need, roleMay, trusts } from "./need";
import { roleCalls } from "./service-call";

const principal = "apigateway.amazonaws.com";

/** How an API of either kind calls a function: for a route, or to authorize. */
export interface FunctionCall {
  /** The function's ARN, bare or wrapped by API Gateway; any other address calls no function. */
  readonly uri: string | undefined;
  /** Role that API Gateway takes for the call; absent, it calls in its own name. */
  readonly role: string | undefined;
  /** What the API calls for, such as `<executionArn>/<stage>/GET/photos`, each with a clause that tells of it. */
  readonly sources: readonly { readonly sourceArn: string | undefined; readonly because: string }[];
}

export function functionCallNeeds({ uri, role, sources }: FunctionCall): Need[] {
  const functionArn = functionArnIn(uri ?? "");
  if (functionArn === undefined) {
    return [];
  }
  return sources.flatMap(({ sourceArn, because }) =>
    role === undefined
      ? invokes(functionArn, principal, sourceArn, because)
      : [
          ...trusts(role, principal, because),
          ...roleMay(role, ["lambda:InvokeFunction"], functionArn, because),
        ],
  );
}

/** How an API of either kind calls an AWS service without a function. */
export interface ServiceCall {
  readonly role: string | undefined;
  /** Service prefix such as `sqs`. */
  readonly service: string;
  /** Such as `SendMessage`. */
  readonly operation: string;
  readonly parameters: unknown;
  readonly because: string;
}

export function serviceCallNeeds(call: ServiceCall, graph: Graph): Need[] {
  const { role, service, operation, parameters, because } = call;
  return [
    ...trusts(role, principal, because),
    ...roleCalls(role, service, operation, parameters, graph, because),
  ];
}

/**
 * The ARN an authorizer calls its function for.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
 */
export function authorizerSource(executionArn: unknown, authorizerId: string): string | undefined {
  return typeof executionArn === "string" ? `${executionArn}/authorizers/${authorizerId}` : undefined;
}

/**
 * The ARNs of a route in each of its API's stages. An API that has no stage here has one elsewhere, by any name.
 * @param route what follows the stage, such as `GET/photos`, or `$default`
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
 */
export function routeSources(
  executionArn: unknown,
  stages: readonly (string | undefined)[],
  route: string,
): (string | undefined)[] {
  return (stages.length === 0 ? ["*"] : stages).map((stage) =>
    typeof executionArn === "string" && stage !== undefined ? `${executionArn}/${stage}/${route}` : undefined,
  );
}
