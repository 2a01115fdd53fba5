/** `T` with its enumerations widened to strings: Pulumi's argument types leave checking the values to AWS. */
type Loose<T> = T extends string
  ? string
  : T extends Uint8Array | Date
    ? T
    : T extends readonly (infer Element)[]
      ? Loose<Element>[]
      : T extends object
        ? { [K in keyof T]: Loose<T[K]> }
        : T;

/** Part of a request, as several requests share it. */
export type Fields<T> = Partial<Loose<T>>;

/** An SDK request from resolved Pulumi inputs; names and shapes are checked, enumeration values are AWS's to check. */
export function request<T>(fields: Loose<NoInfer<T>>): T {
  return fields as unknown as T;
}

/**
 * `T` with the property names AWS uses: `targetArn` is `TargetArn`. The keys of a map are data and must stay, so a
 * map becomes what no request takes.
 */
export type Pascal<T> = T extends readonly (infer Element)[]
  ? Pascal<Element>[]
  : T extends object
    ? string extends keyof T
      ? symbol
      : { [K in keyof T & string as Capitalize<K>]: Pascal<T[K]> }
    : T;

/** Renames the properties of a nested Pulumi input, deeply, to the names AWS uses. */
export function pascal<T>(value: T): Pascal<T> {
  return renamed(value) as Pascal<T>;
}

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      `${name[0]?.toUpperCase()}${name.slice(1)}`,
      renamed(inner),
    ]),
  );
}

/** The JSON text of a policy document, which Pulumi takes as text or as an object. */
export function policyText(policy: string | object): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}

/** A map of a list: AWS keys by a member what Pulumi lists. */
export function keyed<Item, Value>(
  items: readonly Item[] | undefined,
  key: (item: Item) => string,
  value: (item: Item) => Value,
): Record<string, Value> | undefined {
  return items && Object.fromEntries(items.map((item) => [key(item), value(item)]));
}

/** The physical name of a resource, which the engine fills in before it asks a handler to create anything. */
export function nameOf({ name }: { name?: string }): string {
  if (name === undefined)
    throw new Error("The resource has no name: fill its nameProperty before creating it.");
  return name;
}
