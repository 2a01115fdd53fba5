import type * as pulumi from "@pulumi/pulumi";
import type { Client, Command, MetadataBearer } from "@smithy/types";
import type { Condition } from "../iam";
import type { NetworkAccess } from "../network";

/** A row of a service's table: an operation, the IAM action it needs, and its call with the target filled in. */
export interface Method<Target, Input, Result> {
  /** IAM action, or several; absent where AWS asks for none, because the parts of the input carry theirs. */
  readonly action?: string | readonly string[];
  /** What follows the block's ARN in the resource the action is allowed on, such as `/*` for a bucket's objects. */
  readonly suffix?: string;
  readonly call: (target: Target, input: Input) => Result;
}

export type Methods<Target> = Readonly<Record<string, Method<Target, never, unknown>>>;

/** What a callback sees of a table of methods: each without the parameters that the resource fixes. */
export type Bound<M> = {
  readonly [K in keyof M]: M[K] extends Method<infer _, infer Input, infer Result>
    ? (input: Input) => Result
    : never;
};

/** The parameters that a table's methods leave to the resource, such as `{ TableName }`. */
export type TargetOf<M> = M[keyof M] extends Method<infer Target, infer _, infer _Result> ? Target : never;

/** IAM actions that a role gets. */
export interface Allowance {
  readonly actions: readonly string[];
  /** ARN the actions are allowed on; or the pattern of what they are not, where what they are allowed on has no ARN. */
  readonly resource: pulumi.Output<string> | { readonly allBut: string };
  readonly condition?: Condition;
}

/** What one bound method asks for its function: what it may do, and the names it reads at run time. */
export interface Grant {
  /** How errors name the resource. */
  readonly owner: string;
  readonly allows: readonly Allowance[];
  /** Of these, what the function itself asks for; the rest other services ask for in its name. */
  readonly calls: readonly Allowance[];
  /** Environment variable → the physical name it holds. */
  readonly environment: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where the resource is reached from, if not from everywhere: its function joins that network. */
  readonly network?: NetworkAccess;
}

const grants = new WeakMap<object, Grant>();

/** The grant of a captured value, if it is a bound method. */
export const grantOf = (captured: object): Grant | undefined => grants.get(captured);

/** Sits in every bound client: who captures it has captured the client as a whole. */
export class WholeClient {
  constructor(
    readonly owner: string,
    readonly methods: readonly string[],
  ) {}
}
// A string before all methods, since the serialiser comes to it first: of clients within clients, to the outermost.
const whole = "whole client";

/**
 * Makes the rows of one AWS service's table. The client is made at the first call and then serves every call
 * of the container: it is kept in an object, because a captured variable starts anew at each call. A service that
 * each resource has at an address of its own gets a client per address, which `addressOf` the target is.
 */
export function service<
  In extends object,
  Out extends MetadataBearer,
  Config,
  C extends Client<In, Out, Config>,
  Resource = unknown,
>(
  make: (target: Resource) => C & Client<In, Out, Config>,
  addressOf: (target: Resource) => string = () => "",
) {
  const clients: Record<string, C & Client<In, Out, Config>> = {};
  const clientOf = (target: Resource): C & Client<In, Out, Config> => {
    const address = addressOf(target);
    clients[address] ??= make(target);
    return clients[address];
  };
  return {
    /** An operation of the service's API. */
    method<Target extends Resource, Input, I extends In, O extends Out>(
      action: string | undefined,
      command: (target: Target, input: Input) => Command<In, I, Out, O, Config>,
      suffix?: string,
    ): Method<Target, Input, Promise<O>> {
      const call = (target: Target, input: Input) => clientOf(target).send(command(target, input));
      return { action, suffix, call };
    },
    /** What the client makes or reads in a way of its own, such as a presigned URL or a cached value. */
    through<Target extends Resource, Input, Result>(
      action: string,
      use: (client: C, target: Target, input: Input) => Promise<Result>,
      suffix?: string,
    ): Method<Target, Input, Promise<Result>> {
      const call = (target: Target, input: Input) => use(clientOf(target), target, input);
      return { action, suffix, call };
    },
  };
}

/** A row that sends nothing itself: it makes what others call or send, and carries the actions needed for it. */
export function part<Target, Input, Part>(
  action: string | readonly string[],
  call: (target: Target, input: Input) => Part,
): Method<Target, Input, Part> {
  return { action, call };
}

/** The resource behind a bound client. */
export interface Bindable<Target> {
  /** How errors name it, such as `table "photos"`. */
  readonly owner: string;
  /** Logical name; begins the environment variables. */
  readonly name: string;
  /** ARN that the methods' actions are allowed on. */
  readonly arn: Allowance["resource"];
  /** What services do in the function's name for every method with an action, such as to decrypt with the resource's key. */
  readonly also?: readonly Allowance[];
  /** For a server in a network: functions that call a method with an action are attached to it. */
  readonly network?: NetworkAccess;
  /** Fixed parameters: outputs reach the function through its environment, strings through its code. */
  readonly target: { readonly [K in keyof Target]: string | pulumi.Output<string> };
}

/** `photos`, `TableName` → `PHOTOS_TABLE_NAME` */
export function environmentName(name: string, parameter: string): string {
  return `${name}_${parameter}`
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}

/**
 * The typed client that a block hands to callbacks. A callback that names a method gets that method alone:
 * its IAM action on this resource and the environment it reads. What a method needs never depends on a value
 * known only after deployment, so neither does the artefact.
 */
export function bind<M>(methods: M & Methods<TargetOf<M>>, to: Bindable<TargetOf<M>>): Bound<M> {
  const environment: Record<string, pulumi.Output<string>> = {};
  const fixed: Record<string, string> = {};
  const variables: Record<string, string> = {};
  for (const [parameter, value] of Object.entries<pulumi.Output<string> | string>(to.target)) {
    if (typeof value === "string") {
      fixed[parameter] = value;
    } else {
      const variable = environmentName(to.name, parameter);
      variables[parameter] = variable;
      environment[variable] = value;
    }
  }

  const client: Record<string, unknown> = {
    [whole]: new WholeClient(to.owner, Object.keys(methods)),
  };
  for (const [name, { action, suffix, call }] of Object.entries(methods)) {
    const method = (input: never) => {
      const target: Record<string, string | undefined> = { ...fixed };
      for (const parameter of Object.keys(variables)) {
        target[parameter] = process.env[variables[parameter] ?? ""];
      }
      return call(target as TargetOf<M>, input);
    };
    const calls = action === undefined ? [] : [{ actions: [action].flat(), resource: below(to.arn, suffix) }];
    const isCalled = calls.length > 0;
    const allows = isCalled ? [...calls, ...(to.also ?? [])] : [];
    grants.set(method, {
      owner: to.owner,
      allows,
      calls,
      environment,
      network: isCalled ? to.network : undefined,
    });
    client[name] = method;
  }
  return client as Bound<M>;
}

function below(resource: Allowance["resource"], suffix: string | undefined): Allowance["resource"] {
  return suffix === undefined || "allBut" in resource ? resource : resource.apply((arn) => arn + suffix);
}
