import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import type { Handler } from "./closure/capture";
import type { DeadLetters } from "./dead-letters";
import type { FunctionOptions, LambdaFunction } from "./function";
import { bind } from "./sdk/bind";
import { indexMethods, type TableClient, tableMethods } from "./sdk/dynamodb";
import { createStreamConsumer } from "./stream-consumer";

/** `S` string, `N` number, `B` binary. */
type KeyType = "S" | "N" | "B";

interface Key<Attribute> {
  readonly partition: Attribute;
  readonly sort?: Attribute;
}

export interface TableArgs<Attribute extends string, Index extends string> {
  /** Attributes that keys are made of; others need no declaration. */
  readonly attributes: Readonly<Record<Attribute, KeyType>>;
  readonly key: Key<NoInfer<Attribute>>;
  /** Global secondary indexes by name, with all attributes projected. */
  readonly indexes?: Readonly<Record<Index, Key<NoInfer<Attribute>>>>;
  /** Attribute that holds, in seconds since 1970, when an item may be removed. */
  readonly timeToLive?: string;
  /** What the stream tells of a change. @default "NEW_AND_OLD_IMAGES" */
  readonly stream?: "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";
  /** Refuse to delete the table. @default false */
  readonly deletionProtection?: boolean;
}

export interface OnChangeOptions {
  readonly deadLetters: DeadLetters;
  /** Only changes that match one of these event filter patterns reach the handler. */
  readonly filters?: readonly object[];
  /** Changes per invocation, 1–10000. @default 100 */
  readonly batchSize?: number;
  /** Retries of a failing batch, each on half of it, 0–10000. @default 5 */
  readonly retries?: number;
  /** A change older than this is tried no more, so that it cannot hold up later ones; 60–604800. @default 3600 */
  readonly maximumRecordAgeSeconds?: number;
  readonly function?: FunctionOptions;
}

/**
 * A DynamoDB table: on demand, encrypted, recoverable to any second of the last 35 days, with a stream.
 * `sdk` is what callbacks call.
 */
export class Table<Attribute extends string, Index extends string = never> extends pulumi.ComponentResource {
  readonly sdk: TableClient<Index>;
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly nodes: { readonly table: aws.dynamodb.Table };

  constructor(
    private readonly logicalName: string,
    args: TableArgs<Attribute, Index>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    checkAttributes(logicalName, args);
    super("gallery:storage:Table", logicalName, {}, opts);
    const indexes = Object.entries<Key<Attribute>>(args.indexes ?? {});
    const table = new aws.dynamodb.Table(
      logicalName,
      {
        billingMode: "PAY_PER_REQUEST",
        attributes: Object.entries<KeyType>(args.attributes).map(([name, type]) => ({ name, type })),
        hashKey: args.key.partition,
        rangeKey: args.key.sort,
        globalSecondaryIndexes: indexes.map(([name, { partition, sort }]) => ({
          name,
          hashKey: partition,
          rangeKey: sort,
          projectionType: "ALL",
        })),
        ttl: args.timeToLive === undefined ? undefined : { attributeName: args.timeToLive, enabled: true },
        streamEnabled: true,
        streamViewType: args.stream ?? "NEW_AND_OLD_IMAGES",
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: args.deletionProtection ?? false,
      },
      { parent: this },
    );

    const owner = `table "${logicalName}"`;
    const target = { TableName: table.name };
    this.sdk = {
      ...bind(tableMethods, { owner, name: logicalName, arn: table.arn, target }),
      indexes: Object.fromEntries(
        indexes.map(([index]) => [
          index,
          bind(indexMethods, {
            owner: `index "${index}" of ${owner}`,
            name: logicalName,
            arn: pulumi.interpolate`${table.arn}/index/${index}`,
            target: { ...target, IndexName: index },
          }),
        ]),
      ) as TableClient<Index>["indexes"],
    };
    this.arn = table.arn;
    this.name = table.name;
    this.nodes = { table };
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  /**
   * Calls the handler with changes of items, in order for each key. A failing batch is halved and retried;
   * what still fails goes to the dead letters `<table>-<name>-failed`, and later changes go on.
   */
  onChange(
    name: string,
    handler: Handler<DynamoDBStreamEvent, DynamoDBBatchResponse>,
    options: OnChangeOptions,
  ): LambdaFunction<DynamoDBStreamEvent, DynamoDBBatchResponse> {
    return createStreamConsumer(
      `${this.logicalName}-${name}`,
      {
        arn: this.nodes.table.streamArn,
        actions: [
          "dynamodb:DescribeStream",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams",
        ],
      },
      handler,
      options,
      { parent: this },
    );
  }
}

/** An attribute is declared that no key uses, or a key uses one that is not declared; DynamoDB takes neither. */
export class AttributesDiffer extends pulumi.RunError {}

function checkAttributes(
  name: string,
  { attributes, key, indexes = {} }: Pick<TableArgs<string, string>, "attributes" | "key" | "indexes">,
): void {
  const keys = [key, ...Object.values(indexes)];
  const used = new Set(
    keys.flatMap(({ partition, sort }) => [partition, ...(sort === undefined ? [] : [sort])]),
  );
  const unused = Object.keys(attributes).filter((attribute) => !used.has(attribute));
  const undeclared = [...used].filter((attribute) => !Object.hasOwn(attributes, attribute));
  if (unused.length > 0) {
    throw new AttributesDiffer(
      `${name}: no key uses the attributes ${unused.join(", ")}; declare those alone that keys are made of`,
    );
  }
  if (undeclared.length > 0) {
    throw new AttributesDiffer(
      `${name}: keys use the attributes ${undeclared.join(", ")}, which are not declared; add them to attributes`,
    );
  }
}
