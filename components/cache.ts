import * as crypto from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DeadLetters } from "./dead-letters";
import type { EncryptionKey } from "./encryption-key";
import type { Network } from "./network";
import { checkRange } from "./range";
import { bind } from "./sdk/bind";
import { type CacheClient, cacheMethods } from "./sdk/cache";
import { storeCommands } from "./sdk/cache/store";

export interface CacheArgs {
  /** Where it is; functions that use it join. */
  readonly network: Network;
  /** What it is encrypted with at rest. @default a key of AWS's own */
  readonly key?: EncryptionKey;
  /** How much it may hold, 1–5000; then what was not used for longest makes room. @default 1 */
  readonly maximumGb?: number;
  /**
   * How much it may do, 1000–15,000,000: a command on up to 1 KB is one unit. What is more is throttled, and functions
   * do without the cache.
   * @default 1000
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html
   */
  readonly maximumEcpuPerSecond?: number;
  /** For how many days a snapshot of each is there, 0–35: what a cache holds can be read again. @default 0 */
  readonly snapshotRetentionDays?: number;
  /** Milliseconds until a connection is given up, 1–10,000. @default 500 */
  readonly connectTimeoutMs?: number;
  /** Milliseconds until a command is given up, 1–10,000. @default 200 */
  readonly commandTimeoutMs?: number;
  /** Milliseconds that a call may take longer than its `read`, be it for the cache or for others to read, 1–60,000. @default 1000 */
  readonly patienceMs?: number;
  /** Told by an alarm when the cache throttles. @default nobody */
  readonly deadLetters?: DeadLetters;
}

/** A cache was given a name that no ElastiCache name can begin with. */
export class InvalidCacheName extends pulumi.RunError {}

/** One port for all commands, one for those that a replica may answer. */
const ports = [6379, 6380];

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html */
const longestIdentifier = 40;
/** What Pulumi appends to a name: a hyphen and seven digits. */
const suffixLength = 8;

/**
 * A cache on ElastiCache Serverless for Valkey: encrypted, in a network, with an end to its bill. Functions log in by
 * IAM, each with its own role, as one user that may do what `sdk` does with keys of this cache and nothing else.
 */
export class Cache extends pulumi.ComponentResource {
  readonly sdk: CacheClient;
  readonly nodes: {
    readonly cache: aws.elasticache.ServerlessCache;
    readonly user: aws.elasticache.User;
    readonly userGroup: aws.elasticache.UserGroup;
  };

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, key, deadLetters } = args;
    const { maximumGb = 1, maximumEcpuPerSecond = 1000, snapshotRetentionDays = 0 } = args;
    const { connectTimeoutMs = 500, commandTimeoutMs = 200, patienceMs = 1000 } = args;
    checkName(name);
    checkRange(name, "maximumGb", maximumGb, 1, 5000);
    checkRange(name, "maximumEcpuPerSecond", maximumEcpuPerSecond, 1000, 15_000_000);
    checkRange(name, "snapshotRetentionDays", snapshotRetentionDays, 0, 35);
    checkRange(name, "connectTimeoutMs", connectTimeoutMs, 1, 10_000);
    checkRange(name, "commandTimeoutMs", commandTimeoutMs, 1, 10_000);
    checkRange(name, "patienceMs", patienceMs, 1, 60_000);
    super("gallery:storage:Cache", name, {}, opts);
    const parent = { parent: this };
    const identifier = identifierOf([pulumi.getProject(), pulumi.getStack(), name]);

    const { serverGroupId, access } = network.server(name, ports, parent);
    const user = createUser();
    const userGroup = createUserGroup();
    const cache = createCache();
    if (deadLetters) {
      createAlarm(deadLetters);
    }
    this.sdk = bind(cacheMethods, {
      owner: `cache "${name}"`,
      name,
      arn: cache.arn,
      also: [{ actions: ["elasticache:Connect"], resource: user.arn }],
      network: access,
      target: {
        address: cache.endpoints.apply((endpoints) => `${endpoints[0]?.address}`),
        port: cache.endpoints.apply((endpoints) => `${endpoints[0]?.port}`),
        cacheName: cache.name,
        userId: user.userId,
        prefix: name,
        connectTimeoutMs: String(connectTimeoutMs),
        commandTimeoutMs: String(commandTimeoutMs),
        patienceMs: String(patienceMs),
      },
    }) as CacheClient;
    this.nodes = { cache, user, userGroup };
    this.registerOutputs({});

    function createUser() {
      return new aws.elasticache.User(
        `${name}-user`,
        {
          engine: "valkey",
          userId: identifier,
          // What IAM authenticates has one name for both.
          userName: identifier,
          authenticationMode: { type: "iam" },
          accessString: accessString(name),
        },
        parent,
      );
    }

    function createUserGroup() {
      return new aws.elasticache.UserGroup(
        `${name}-users`,
        { engine: "valkey", userGroupId: identifier, userIds: [user.userId] },
        parent,
      );
    }

    function createCache() {
      return new aws.elasticache.ServerlessCache(
        name,
        {
          engine: "valkey",
          majorEngineVersion: "8",
          description: `${name} of ${pulumi.getProject()} ${pulumi.getStack()}`,
          subnetIds: network.privateSubnetIds,
          securityGroupIds: [serverGroupId],
          userGroupId: userGroup.userGroupId,
          kmsKeyId: key?.arn,
          cacheUsageLimits: {
            dataStorage: { maximum: maximumGb, unit: "GB" },
            ecpuPerSeconds: [{ maximum: maximumEcpuPerSecond }],
          },
          snapshotRetentionLimit: snapshotRetentionDays,
        },
        parent,
      );
    }

    function createAlarm(letters: DeadLetters) {
      letters.alarm(
        `${name}-throttled`,
        {
          description: `${name} has more to do than its maximumEcpuPerSecond: functions do without it.`,
          namespace: "AWS/ElastiCache",
          metricName: "ThrottledCmds",
          dimensions: { clusterId: cache.name },
        },
        parent,
      );
    }
  }
}

/**
 * What the user of a cache may do: the commands that a store sends, on keys of the cache's prefix.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
export function accessString(prefix: string): string {
  return `on ~${prefix}:* -@all ${storeCommands.map((command) => `+${command}`).join(" ")}`;
}

/**
 * An identifier as ElastiCache has them, which tells whose it is: small letters and digits in groups between hyphens,
 * a letter first, at most 40. Where parts do not fit, it ends with a hash of them.
 */
export function identifierOf(parts: readonly string[]): string {
  const text = parts.join("-");
  if (isIdentifier(text)) {
    return text;
  }
  const hash = crypto.createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 8);
  const words = `x-${text.toLowerCase()}`.replace(/[^a-z0-9]+/g, "-").replace(/^x-(?=[a-z])/, "");
  return `${words.slice(0, longestIdentifier - hash.length - 1).replace(/-$/, "")}-${hash}`;
}

function isIdentifier(text: string): boolean {
  return text.length <= longestIdentifier && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);
}

function checkName(name: string): void {
  if (!isIdentifier(name) || name.length > longestIdentifier - suffixLength) {
    throw new InvalidCacheName(
      `${name}: a cache cannot be named so; take small letters and digits, in groups with a hyphen between them, a ` +
        `letter first, at most ${longestIdentifier - suffixLength}`,
    );
  }
}
