import type * as pulumi from "@pulumi/pulumi";

/**
 * Resolved inputs of a resource, from its Pulumi argument type: no outputs, promises or secrets left inside, and
 * the id where the program passed a resource itself.
 */
export type Inputs<Args> = {
  [K in keyof Args]: unknown extends Args[K] ? unknown : Exclude<pulumi.Unwrap<Args[K]>, pulumi.Resource>;
};

export type Properties = Record<string, unknown>;

/** Where a resource lives: enough to write its ARN without asking the cloud. */
export interface Place {
  readonly region: string;
  readonly account: string;
  /** Address of the front door, such as `http://127.0.0.1:4566`; without it, addresses are those of AWS. */
  readonly endpoint?: string;
}

/** What an SDK client needs to reach the local cloud. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** For S3, whose other form of address has the bucket in the host's name, which nothing here resolves. */
  readonly forcePathStyle: true;
}

/** The local cloud as a resource handler sees it. */
export interface Cloud extends Place {
  /** One SDK client per class, addressed to the front door with the deployer's credentials. */
  client<C>(type: new (config: ClientConfig) => C): C;
}

/**
 * How one Pulumi resource type lives in the local cloud. `id` is the Pulumi id: what the AWS provider would
 * return for the same type.
 */
export interface ResourceHandler<Args> {
  /** The input that AWS takes as the physical name; filled as `<logical name>-<7 hex digits>` when absent. */
  readonly nameProperty?: keyof Args & string;
  /** What must end the generated name, such as `.fifo`. */
  nameSuffix?(inputs: Inputs<Args>): string;
  /** Inputs that cannot change in place: a change deletes the resource and creates it anew. */
  readonly replaceOn?: readonly (keyof Args & string)[];
  /**
   * Output properties that follow from the id and inputs alone: ARNs, URLs. Also used for the plan, where
   * `id` is the generated name, so it must not ask the cloud.
   */
  outputs(id: string, inputs: Inputs<Args>, place: Place): Properties;
  /** Creates the resource; answers its id and the output properties that only the cloud knows. */
  create(inputs: Inputs<Args>, cloud: Cloud): Promise<{ id: string; outputs?: Properties }>;
  /** Output properties that only the cloud knows, or undefined when the resource is gone. */
  read(id: string, inputs: Inputs<Args>, cloud: Cloud): Promise<Properties | undefined>;
  /** Changes the resource in place; without it every change replaces. */
  update?(id: string, inputs: Inputs<Args>, old: Inputs<Args>, cloud: Cloud): Promise<Properties | undefined>;
  /** Deletes the resource; one that is already gone is no error. */
  delete(id: string, inputs: Inputs<Args>, cloud: Cloud): Promise<void>;
}

/** A handler whose argument type has been forgotten, as the table of all types holds it. */
export type AnyResourceHandler = ResourceHandler<Properties>;

/** Pulumi type token → handler, for the types of one AWS service. */
export type ServiceTable = Readonly<Record<string, AnyResourceHandler>>;

/** Declares one handler with typed inputs. */
export function resource<Args>(handler: ResourceHandler<Args>): AnyResourceHandler {
  return handler as unknown as AnyResourceHandler;
}

/** How changes of a resource are dealt with, as its `CustomResourceOptions` say. */
export interface ChangeOptions {
  /** URNs this resource had before. */
  readonly aliases: readonly string[];
  /** Inputs whose changes do not count. */
  readonly ignoreChanges: readonly string[];
  /** Inputs whose change replaces the resource, besides those of its type. */
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly retainOnDelete: boolean;
}

/** A resource as the program registered it. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** URN of the parent; the stack's own registration has none. */
  readonly parent: string | undefined;
  /** URNs this resource depends on, explicitly or through an input. */
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** In a plan, `pulumi.unknown` where only the cloud can tell. */
  readonly inputs: Properties;
  /** Names of inputs that hold a Pulumi secret: no file gets their values. @default none */
  readonly secrets?: readonly string[];
  readonly protect: boolean;
  /** @default none of them */
  readonly options?: ChangeOptions;
}

/** A resource that exists, or in a plan would exist. */
export interface Resource extends Registration {
  readonly id: string;
  readonly outputs: Properties;
}
