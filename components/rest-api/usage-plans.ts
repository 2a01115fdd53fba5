import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Throttle } from "../http-api";

/** What a holder of a key may ask for. */
export interface UsagePlan {
  /** Of each key, besides that of the API. */
  readonly throttle: Throttle;
  /** Requests of each key. @default as many as the throttle lets through */
  readonly quota?: { readonly requests: number; readonly period: "DAY" | "WEEK" | "MONTH" };
}

/**
 * Usage plans of a stage, without keys: a key is a secret, which no state may hold. Operators make one
 * (`aws apigateway create-api-key`, `create-usage-plan-key`) and hand it to whom it is for.
 */
export function createUsagePlans(
  name: string,
  plans: Readonly<Record<string, UsagePlan>>,
  stage: aws.apigateway.Stage,
  opts: pulumi.CustomResourceOptions,
): Readonly<Record<string, aws.apigateway.UsagePlan>> {
  return Object.fromEntries(
    Object.entries(plans).map(([plan, { throttle, quota }]) => [
      plan,
      new aws.apigateway.UsagePlan(
        `${name}-${plan}`,
        {
          apiStages: [{ apiId: stage.restApi, stage: stage.stageName }],
          throttleSettings: { rateLimit: throttle.rate, burstLimit: throttle.burst },
          quotaSettings: quota && { limit: quota.requests, period: quota.period },
        },
        opts,
      ),
    ]),
  );
}
