import * as pulumi from "@pulumi/pulumi";
import { bind } from "../../../../components/sdk/bind";
import { type CacheClient, cacheMethods } from "../../../../components/sdk/cache";

pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });

export interface BoundCacheOptions {
  readonly port: number;
  /** Of the cache in ElastiCache: each has a container of its own. */
  readonly cacheName: string;
  readonly connectTimeoutMs?: number;
  readonly commandTimeoutMs?: number;
  readonly patienceMs?: number;
}

/** The client of the cache `views`, with which its environment goes. */
export function boundCache({ port, cacheName, ...times }: BoundCacheOptions): {
  readonly client: CacheClient;
  readonly environment: Record<string, string>;
} {
  const name = cacheName.replace(/-/g, "");
  const client = bind(cacheMethods, {
    owner: 'cache "views"',
    name,
    arn: pulumi.output("arn:aws:elasticache:eu-west-1:123456789012:serverlesscache:views"),
    target: {
      address: pulumi.output("later"),
      port: pulumi.output("later"),
      cacheName: pulumi.output("later"),
      userId: pulumi.output("later"),
      prefix: "views",
      connectTimeoutMs: String(times.connectTimeoutMs ?? 500),
      commandTimeoutMs: String(times.commandTimeoutMs ?? 200),
      patienceMs: String(times.patienceMs ?? 1000),
    },
  }) as CacheClient;
  const variable = name.toUpperCase();
  return {
    client,
    environment: {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "session",
      [`${variable}_ADDRESS`]: "localhost",
      [`${variable}_PORT`]: String(port),
      [`${variable}_CACHE_NAME`]: cacheName,
      [`${variable}_USER_ID`]: "gallery-test-views",
    },
  };
}
