import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Throttle } from "../http-api";

/** What one method has of its own. */
export interface MethodOptions {
  readonly method: string;
  readonly path: string;
  readonly throttle?: Throttle;
  readonly cacheSeconds?: number;
}

interface StageArgs {
  readonly name: string;
  readonly stage: aws.apigateway.Stage;
  /** For methods without one of their own. */
  readonly throttle: Throttle;
  readonly hasCache: boolean;
}

/**
 * Settings of the methods of a stage: one for all, and one for each that has something of its own, which inherits
 * nothing from the former. Made one after the other, as each is an update of the stage.
 */
export class MethodSettings {
  private last: pulumi.Resource;

  constructor(
    private readonly args: StageArgs,
    private readonly opts: pulumi.CustomResourceOptions,
  ) {
    this.last = args.stage;
    this.create("", "*/*", args.throttle);
  }

  add({ method, path, throttle, cacheSeconds }: MethodOptions): void {
    const cached = this.args.hasCache ? cacheSeconds : undefined;
    if (throttle || cached !== undefined) {
      const suffix = `-${method.toLowerCase()}${slug(path)}`;
      const methodPath = `${path.replaceAll("/", "~1")}/${method}`;
      this.create(suffix, methodPath, throttle ?? this.args.throttle, cached);
    }
  }

  private create(suffix: string, methodPath: string, { rate, burst }: Throttle, cacheSeconds?: number): void {
    const { name, stage } = this.args;
    this.last = new aws.apigateway.MethodSettings(
      `${name}-settings${suffix}`,
      {
        restApi: stage.restApi,
        stageName: stage.stageName,
        methodPath,
        settings: {
          metricsEnabled: true,
          loggingLevel: "ERROR",
          dataTraceEnabled: false,
          throttlingRateLimit: rate,
          throttlingBurstLimit: burst,
          cachingEnabled: cacheSeconds !== undefined,
          ...(cacheSeconds !== undefined && {
            cacheTtlInSeconds: cacheSeconds,
            cacheDataEncrypted: true,
            // Strangers cannot empty the cache with `Cache-Control: max-age=0`, and are served all the same.
            requireAuthorizationForCacheControl: true,
            unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITHOUT_RESPONSE_HEADER",
          }),
        },
      },
      { ...this.opts, dependsOn: [this.last] },
    );
  }
}

/** `/photos/{id}` → `-photos-id` */
export function slug(path: string): string {
  return path.replaceAll("/", "-").replace(/[{}+]/g, "");
}
