import { invalid } from "./failure";
import type { SqlParameter } from "./request";
import { oid } from "./types";

/** A value on its way to the database: text, bytes, or null for SQL's NULL. */
export interface Value {
  /** Object identifier of its type; 0 leaves the type to the statement. */
  readonly type: number;
  readonly content: string | Buffer | null;
}

/** @see https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_SqlParameter.html */
const hints = {
  DATE: { type: oid.date, form: /^\d{4}-\d\d-\d\d$/, formName: "YYYY-MM-DD" },
  DECIMAL: { type: oid.numeric },
  JSON: { type: oid.json },
  TIME: { type: oid.time, form: /^\d\d:\d\d:\d\d(\.\d{1,6})?$/, formName: "HH:MM:SS[.FFF]" },
  TIMESTAMP: {
    type: oid.timestamp,
    form: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/,
    formName: "YYYY-MM-DD HH:MM:SS[.FFF]",
  },
  UUID: { type: oid.uuid },
} as const;

/**
 * The value of a parameter, of the type that the Data API for PostgreSQL sends it as: text unless a hint says otherwise,
 * so that it compares with no uuid and no enumeration without a cast.
 * @throws Failure
 */
export function boundValue({ name, value = {}, typeHint }: SqlParameter): Value {
  if (value.arrayValue !== undefined) {
    throw invalid(`Array parameters are not supported: parameter "${name}".`);
  }
  if (typeHint !== undefined) {
    return hintedValue(name, value, typeHint);
  }
  if (value.stringValue !== undefined) {
    return { type: oid.text, content: value.stringValue };
  }
  if (value.longValue !== undefined) {
    return { type: oid.int8, content: String(value.longValue) };
  }
  if (value.doubleValue !== undefined) {
    return { type: oid.float8, content: String(value.doubleValue) };
  }
  if (value.booleanValue !== undefined) {
    return { type: oid.bool, content: String(value.booleanValue) };
  }
  if (value.blobValue !== undefined) {
    return { type: oid.bytea, content: Buffer.from(value.blobValue, "base64") };
  }
  return { type: 0, content: null };
}

function hintedValue(
  name: string,
  { stringValue, isNull }: NonNullable<SqlParameter["value"]>,
  typeHint: keyof typeof hints,
): Value {
  const hint = hints[typeHint];
  if (stringValue === undefined) {
    if (!isNull) {
      throw invalid(`Parameter "${name}" with type hint ${typeHint} must be a string.`);
    }
    return { type: hint.type, content: null };
  }
  if ("form" in hint && !hint.form.test(stringValue)) {
    throw invalid(`Parameter "${name}" is no ${typeHint} of the form ${hint.formName}: "${stringValue}".`);
  }
  return { type: hint.type, content: stringValue };
}
