import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import type { RestMethod } from "./rest-description";
import { mediaType, parameterOf, type RestRequest } from "./rest-request";

const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, logger: false, verbose: true });
const compiled = new Map<string, ValidateFunction>();

/** Names of required parameters that the request lacks. */
export function missingParameters(request: RestRequest, { requestParameters }: RestMethod): string[] {
  return Object.entries(requestParameters)
    .filter(([parameter, isRequired]) => isRequired && !parameterOf(request, parameter))
    .map(([parameter]) => parameter.split(".").slice(3).join("."));
}

/** What is wrong with a body by the model for its media type; a type without a model is not looked at, as on AWS. */
export function bodyProblem(request: RestRequest, { models }: RestMethod, body: string): string | undefined {
  const model = models[mediaType(request.exchange)];
  if (model === undefined) {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return "it is no JSON";
  }
  const validate = compiled.get(model) ?? ajv.compile(modernised(JSON.parse(model)));
  compiled.set(model, validate);
  return validate(value) ? undefined : `[${messagesOf(validate.errors ?? []).join(", ")}]`;
}

type Schema = Record<string, unknown>;

/** Draft 4 in the words of draft 7: there, an exclusive limit is a number, and an id has another name. */
export function modernised(schema: unknown): Schema {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return value;
    }
    const { $schema: _, id, ...rest } = value as Schema;
    for (const limit of ["Minimum", "Maximum"]) {
      const exclusive = `exclusive${limit}`;
      const inclusive = limit.toLowerCase();
      if (rest[exclusive] === true) {
        rest[exclusive] = rest[inclusive];
        delete rest[inclusive];
      } else if (typeof rest[exclusive] === "boolean") {
        delete rest[exclusive];
      }
    }
    return typeof id === "string" ? rest : { ...rest, ...(id !== undefined && { id }) };
  }) as Schema;
}

/** In the words of API Gateway's validator, as far as they are known. */
function messagesOf(errors: readonly ErrorObject[]): string[] {
  const missing = errors.flatMap(({ keyword, params }) =>
    keyword === "required" ? [params.missingProperty] : [],
  );
  const unknown = errors.flatMap(({ keyword, params }) =>
    keyword === "additionalProperties" ? [params.additionalProperty] : [],
  );
  return [
    ...(missing.length > 0 ? [`object has missing required properties (${list(missing)})`] : []),
    ...(unknown.length > 0
      ? [`object instance has properties which are not allowed by the schema: ${list(unknown)}`]
      : []),
    ...errors.flatMap((error) => otherMessage(error) ?? []),
  ];
}

function otherMessage({ keyword, params, data, message }: ErrorObject): string | undefined {
  switch (keyword) {
    case "required":
    case "additionalProperties":
      return undefined;
    case "type":
      return `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${list([params.type].flat())})`;
    case "pattern":
      return `ECMA 262 regex ${JSON.stringify(params.pattern)} does not match input string ${JSON.stringify(data)}`;
    case "enum":
      return `instance value (${JSON.stringify(data)}) not found in enum (possible values: ${list(params.allowedValues)})`;
    default:
      return message;
  }
}

function typeOf(data: unknown): string {
  if (data === null) {
    return "null";
  }
  return Array.isArray(data) ? "array" : Number.isInteger(data) ? "integer" : typeof data;
}

function list(values: readonly unknown[]): string {
  return JSON.stringify([...new Set(values)].sort());
}
