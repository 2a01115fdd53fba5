import * as powertools from "@aws-lambda-powertools/idempotency";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Handler } from "./closure/capture";
import { checkRange } from "./range";
import { bind } from "./sdk/bind";
import { type LedgerClient, ledgerMethods } from "./sdk/idempotency";

export interface TasksArgs {
  /** How long a task is known to be done, in hours, 1 or more; longer than a trigger repeats it. @default 24 */
  readonly rememberHours?: number;
  /** Refuse to delete the table. @default false */
  readonly deletionProtection?: boolean;
}

/**
 * Asynchronous tasks that have their effect once, however often and by however many hands their trigger delivers:
 * `once(key, work)` makes of a handler one for a bus, bucket, stream, schedule or queue.
 */
export class Tasks extends pulumi.ComponentResource {
  readonly nodes: { readonly table: aws.dynamodb.Table };
  private readonly sdk: LedgerClient;
  private readonly rememberSeconds: number;

  constructor(name: string, args: TasksArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const { rememberHours = 24, deletionProtection = false } = args;
    checkRange(name, "rememberHours", rememberHours, 1);
    super("gallery:compute:Tasks", name, {}, opts);
    // Attribute names are Powertools'.
    const table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        attributes: [{ name: "id", type: "S" }],
        hashKey: "id",
        ttl: { attributeName: "expiration", enabled: true },
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: deletionProtection,
      },
      { parent: this },
    );
    this.sdk = bind(ledgerMethods, {
      owner: `tasks "${name}"`,
      name,
      arn: table.arn,
      target: { TableName: table.name },
    });
    this.rememberSeconds = rememberHours * 3600;
    this.nodes = { table };
    this.registerOutputs();
  }

  /**
   * The handler that does the work for the first event of a key. A further one while the first is being done fails, and
   * so is retried by its trigger; one after it does nothing. Work that throws, or is killed, may be done again.
   * @param key names what is to be done once, such as the id of an event; it must not differ between deliveries
   */
  once<Event>(key: (event: Event) => string, work: Handler<Event, unknown>): Handler<Event, void> {
    return once(this.sdk, this.rememberSeconds, key, work);
  }
}

function once<Event>(
  ledger: LedgerClient,
  expiresAfterSeconds: number,
  key: (event: Event) => string,
  work: Handler<Event, unknown>,
): Handler<Event, void> {
  return {
    factory: () => {
      const perform = typeof work === "function" ? work : work.factory();
      const config = new powertools.IdempotencyConfig({ expiresAfterSeconds });
      const task = powertools.makeIdempotent(
        async (_key: string, start: () => Promise<unknown>) => {
          await start();
          return null;
        },
        { persistenceStore: ledger.Store({}), config },
      );
      return async (event, context) => {
        // Without the time that is left, an attempt that is killed would bar the next for good.
        config.registerLambdaContext(context);
        await task(key(event), () => perform(event, context));
      };
    },
  };
}
