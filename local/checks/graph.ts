import type * as aws from "@pulumi/aws";
import { isUnknown } from "@pulumi/pulumi";
import type { Inputs, Resource } from "../engine/resource";
import { unqualified } from "./arn";

/** Properties of which a plan may not know all: any part can be missing. */
export type Known<T> = T extends readonly (infer Element)[]
  ? readonly Known<Element>[]
  : T extends object
    ? { readonly [K in keyof T]?: Known<T[K]> }
    : T;

/** A resource of one type, by its Pulumi argument type, its inputs without what the plan does not know. */
export interface Node<Args> extends Omit<Resource, "inputs"> {
  readonly inputs: Known<Inputs<Args>>;
}

/** Output properties that hold an ARN of the resource itself, or the beginning of ARNs of its parts. */
const ownArns = ["arn", "executionArn", "streamArn"] as const;

/** The resources of one plan, found by how others refer to them. */
export class Graph {
  private readonly byType = new Map<string, Node<never>[]>();
  /** Type → id, name, URL or ARN → the first resource that has it; filled when one of the type is looked for. */
  private readonly byReference = new Map<string, Map<unknown, Node<never>>>();
  private readonly byArn = new Map<string, Resource>();
  /** ARN → what a person writes for it in the program. */
  private readonly readableArns = new Map<string, string>();

  constructor(readonly resources: readonly Resource[]) {
    for (const resource of resources) {
      const ofType = this.byType.get(resource.type) ?? [];
      ofType.push(nodeOf(resource));
      this.byType.set(resource.type, ofType);
      for (const property of ownArns) {
        const arn = resource.outputs[property];
        // An ARN among the inputs, such as that of an EventBridge target, belongs to another resource.
        if (typeof arn === "string" && arn !== "" && resource.inputs[property] === undefined) {
          this.byArn.set(arn, resource);
          this.readableArns.set(arn, `<${property} of ${resource.name}>`);
        }
      }
    }
  }

  /** All resources of a type such as `aws:lambda/function:Function`. */
  ofType<Args>(type: string): readonly Node<Args>[] {
    return this.byType.get(type) ?? [];
  }

  withArn(arn: string): Resource | undefined {
    return this.byArn.get(arn);
  }

  /** The resource of a type that a program refers to by its id, name, URL or ARN. */
  find<Args>(type: string, reference: unknown): Node<Args> | undefined {
    if (typeof reference !== "string" || reference === "") {
      return undefined;
    }
    const known = this.byReference.get(type) ?? referencesTo(this.ofType(type));
    this.byReference.set(type, known);
    return known.get(reference);
  }

  /** The function behind a name or ARN, with or without a version or alias. */
  findFunction(reference: string | undefined): Node<aws.lambda.FunctionArgs> | undefined {
    const whole = reference?.startsWith("arn:") ? unqualified(reference) : reference;
    const name = whole?.replace(/^\d{12}:function:/, "").split(":")[0];
    return this.find("aws:lambda/function:Function", whole?.startsWith("arn:") ? whole : name);
  }

  /** The text, written as `<executionArn of photos-api>/…` when it begins with an ARN of this graph. */
  readable(text: string): string {
    const [longest] = [...this.readableArns]
      .filter(([arn]) => text === arn || (text.startsWith(arn) && /^[:/]/.test(text.slice(arn.length))))
      .sort(([a], [b]) => b.length - a.length);
    return longest ? longest[1] + text.slice(longest[0].length) : text;
  }
}

/** The resource's own ARN, if the plan knows it. */
export function arnOf(resource: Pick<Resource, "outputs"> | undefined): string | undefined {
  const arn = resource?.outputs.arn;
  return typeof arn === "string" ? arn : undefined;
}

/** Whether an input is given, with a value that the plan does not know. */
export function isOpen<T extends object>(inputs: T, name: keyof T): boolean {
  return name in inputs && inputs[name] === undefined;
}

function referencesTo(nodes: readonly Node<never>[]): Map<unknown, Node<never>> {
  const references = nodes.flatMap((node) => {
    const { name, url, arn } = node.outputs;
    return [node.id, name, url, arn].map((reference): [unknown, Node<never>] => [reference, node]);
  });
  // Of several entries for a key, a map keeps the last.
  return new Map(references.reverse());
}

/** A resource never changes, and checks look at each several times. */
const nodes = new WeakMap<Resource, Node<never>>();

export function nodeOf<Args>(resource: Resource): Node<Args> {
  const node = nodes.get(resource) ?? { ...resource, inputs: known(resource.inputs) as Known<Inputs<never>> };
  nodes.set(resource, node);
  return node;
}

/** The value without the parts that a plan does not know. */
function known(value: unknown): unknown {
  if (isUnknown(value)) {
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.map(known).filter((element) => element !== undefined);
  }
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, known(inner)]));
}
