import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
} from "aws-lambda";
import type { Handler } from "./closure/capture";
import { type FunctionOptions, LambdaFunction } from "./function";
import { checkRange } from "./range";

export type AuthorizationRequest = Pick<APIGatewayRequestAuthorizerEventV2, "headers" | "routeArn">;
/** Whether the caller may go on, and what routes get to know of them as `authorizer.lambda`. */
export type Authorization = APIGatewaySimpleAuthorizerWithContextResult<Record<string, string>>;

export interface LambdaAuthorizerArgs {
  readonly api: aws.apigatewayv2.Api;
  readonly handler: Handler<AuthorizationRequest, Authorization>;
  /** What callers show who they are by; without it they get 401 and the function is not asked. @default "x-api-key" */
  readonly header?: string;
  /** How long an answer is good for the same header, 0–3600: so long may one who is no longer welcome go on. @default 300 */
  readonly cacheSeconds?: number;
  readonly functions?: FunctionOptions;
}

/**
 * A function that decides who may call routes of an HTTP API, by a header.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export class LambdaAuthorizer extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly nodes: {
    readonly authorizer: aws.apigatewayv2.Authorizer;
    readonly function: LambdaFunction<AuthorizationRequest, Authorization>;
  };

  constructor(name: string, args: LambdaAuthorizerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { api, handler, header = "x-api-key", cacheSeconds = 300, functions } = args;
    checkRange(name, "cacheSeconds", cacheSeconds, 0, 3600);
    super("gallery:api:LambdaAuthorizer", name, {}, opts);
    const parent = { parent: this };
    const fn = new LambdaFunction(name, { ...functions, handler }, parent);
    const authorizer = new aws.apigatewayv2.Authorizer(
      `${name}-authorizer`,
      {
        apiId: api.id,
        authorizerType: "REQUEST",
        authorizerUri: fn.nodes.function.invokeArn,
        authorizerPayloadFormatVersion: "2.0",
        enableSimpleResponses: true,
        authorizerResultTtlInSeconds: cacheSeconds,
        identitySources: [`$request.header.${header}`],
      },
      parent,
    );
    new aws.lambda.Permission(
      `${name}-permission`,
      {
        action: "lambda:InvokeFunction",
        function: fn.name,
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${api.executionArn}/authorizers/${authorizer.id}`,
      },
      parent,
    );
    this.id = authorizer.id;
    this.nodes = { authorizer, function: fn };
    this.registerOutputs({ id: this.id });
  }
}
