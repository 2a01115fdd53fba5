import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { SchemaFactory } from "../route-contract";

/** A JSON Schema of draft 4, the dialect of API Gateway's models. */
export type ModelSchema = z.core.JSONSchema.BaseSchema;

/** The schema of a body says what JSON Schema cannot. */
export class NoModel extends pulumi.RunError {}

/**
 * The model by which API Gateway judges a body: what a client may send and not one property more. What a schema checks
 * with code of its own (`refine`) is for whoever reads the body to check again.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 * @throws NoModel
 */
export function bodyModel(name: string, schema: SchemaFactory): ModelSchema {
  try {
    return withoutOuterReference(z.toJSONSchema(schema(), { target: "draft-4", io: "input", override }));
  } catch (error) {
    throw new NoModel(
      `${name}: its body cannot be told to API Gateway as a JSON Schema (${error instanceof Error ? error.message : error}); ` +
        "describe it without transforms, or serve the route by a function",
    );
  }
}

/** Names of an object schema's properties, and of those that must be there. */
export function propertiesOf(schema: SchemaFactory | undefined): {
  readonly all: readonly string[];
  readonly required: readonly string[];
} {
  const { properties = {}, required = [] } = schema
    ? withoutOuterReference(
        z.toJSONSchema(schema(), { target: "draft-4", io: "input", unrepresentable: "any" }),
      )
    : {};
  return { all: Object.keys(properties), required };
}

function override({ jsonSchema }: { jsonSchema: ModelSchema }): void {
  if (jsonSchema.type === "object" && jsonSchema.properties) {
    jsonSchema.additionalProperties ??= false;
  }
  // The pattern says as much, to every validator; draft 4 knows but a few formats.
  if (jsonSchema.pattern !== undefined) {
    delete jsonSchema.format;
  }
}

/** A schema with an id of its own comes as a reference to itself. */
function withoutOuterReference(schema: ModelSchema): ModelSchema {
  const { $ref, ...outer } = schema;
  const definitions = (schema.definitions ?? {}) as Readonly<Record<string, ModelSchema>>;
  const name = $ref?.replace("#/definitions/", "");
  if (name === undefined) {
    return schema;
  }
  const { [name]: inner, ...others } = definitions;
  const isRecursive = JSON.stringify(definitions).includes(JSON.stringify($ref));
  const left = isRecursive ? definitions : others;
  return { ...outer, ...inner, definitions: Object.keys(left).length > 0 ? left : undefined };
}
