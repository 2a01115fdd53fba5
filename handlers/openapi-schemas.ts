import * as z from "zod";
import type { SchemaFactory } from "../components/route-contract";

/** A JSON Schema of draft 2020-12, the dialect of OpenAPI 3.1. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Two different schemas have one id, so that a reference would not tell which is meant. */
export class SchemaIdTaken extends Error {
  override readonly name = "SchemaIdTaken";

  constructor(id: string) {
    super(
      `Two different schemas have the id "${id}": give each its own with .meta({ id }). ` +
        "A schema with defaults differs between a request and a response.",
    );
  }
}

/** The JSON Schemas of contracts; those with an id (`.meta({ id })`) become components that others refer to. */
export class Schemas {
  private readonly named = new Map<string, JsonSchema>();

  /** What a client may send. */
  input(factory: SchemaFactory): JsonSchema {
    return this.convert(factory, "input");
  }

  /** What a client gets. */
  output(factory: SchemaFactory): JsonSchema {
    return this.convert(factory, "output");
  }

  /** The schema behind a reference, or the schema itself. */
  resolve(schema: JsonSchema): JsonSchema {
    const id = schema.$ref?.replace("#/components/schemas/", "");
    return (id === undefined ? undefined : this.named.get(id)) ?? schema;
  }

  /** By id, in alphabetical order. */
  get components(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.named].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private convert(factory: SchemaFactory, io: "input" | "output"): JsonSchema {
    const { $schema: _, $defs = {}, ...schema } = z.toJSONSchema(factory(), { io, override });
    for (const [id, definition] of Object.entries($defs)) {
      const component = withComponentReferences(definition);
      const known = this.named.get(id);
      if (known && JSON.stringify(known) !== JSON.stringify(component)) {
        throw new SchemaIdTaken(id);
      }
      this.named.set(id, component);
    }
    return withComponentReferences(schema);
  }
}

/** Leaves out what zod adds for validators and what would be noise, or a promise not meant, to a reader. */
function override({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const { def } = zodSchema._zod;
  // A response may get more properties one day; only a strict schema says that there are no others.
  if (def.type === "object" && def.catchall === undefined) {
    delete jsonSchema.additionalProperties;
  }
  if (jsonSchema.format !== undefined) {
    delete jsonSchema.pattern;
  }
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) {
    delete jsonSchema.minimum;
  }
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
    delete jsonSchema.maximum;
  }
}

function withComponentReferences(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === "$ref" && typeof value === "string" ? value.replace("#/$defs/", "#/components/schemas/") : value,
  ) as JsonSchema;
}
