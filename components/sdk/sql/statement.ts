import type * as data from "@aws-sdk/client-rds-data";

/** A value that is no text, number or truth value to the database, and how the database is to take it. */
export interface TypedValue {
  readonly typeHint: data.TypeHint;
  /** As text; null is SQL's NULL. */
  readonly text: string | null;
}

/** What a statement takes as a value. An integer is a `bigint`, any other number a `double precision`. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | TypedValue;

declare const rows: unique symbol;

/** A statement and its values, which reach the database apart: no value can become a part of the statement. */
export interface Statement<Row = unknown> {
  readonly text: string;
  readonly parameters: data.SqlParameter[];
  /** Of what shape its rows are; only a type. */
  readonly [rows]?: Row;
}

/**
 * A statement of one's own text with values in it: `` sql<{ views: number }>`SELECT … WHERE photo = ${uuid(id)}` ``. What
 * stands in braces is a value and nothing else: names and pieces of SQL cannot be put together.
 */
export function sql<Row = unknown>(
  texts: TemplateStringsArray,
  ...values: readonly SqlValue[]
): Statement<Row> {
  return {
    text: texts.reduce((before, text, i) => `${before}:p${i}${text}`),
    parameters: values.map((value, i) => parameter(`p${i + 1}`, value)),
  };
}

/** A statement that is written in the program as it is, such as a migration's; never of what somebody has sent. */
export const written = (text: string): Statement => ({ text, parameters: [] });

/** A universally unique identifier, of type `uuid`. */
export const uuid = (text: string | null): TypedValue => ({ typeHint: "UUID", text });

/** A calendar day as `2026-11-24`, of type `date`. */
export const day = (text: string | null): TypedValue => ({ typeHint: "DATE", text });

/** Any JSON value; cast it where it is to be `jsonb`. Rows of a list: `json_to_recordset(${json(list)}) AS row(a text, b int)`. */
export const json = (value: unknown): TypedValue => ({ typeHint: "JSON", text: JSON.stringify(value) });

/** A decimal number as text, of type `numeric`, which a `number` could not hold exactly. */
export const decimal = (text: string | null): TypedValue => ({ typeHint: "DECIMAL", text });

/** A time in UTC, of type `timestamp`. */
export const timestamp = (time: Date | null): TypedValue => ({
  typeHint: "TIMESTAMP",
  text: time === null ? null : time.toISOString().replace("T", " ").replace("Z", ""),
});

function parameter(name: string, value: SqlValue): data.SqlParameter {
  if (value === null) {
    return { name, value: { isNull: true } };
  }
  switch (typeof value) {
    case "string":
      return { name, value: { stringValue: checkedText(value) } };
    case "boolean":
      return { name, value: { booleanValue: value } };
    case "bigint":
      return { name, value: { longValue: exact(value) } };
    case "number":
      return { name, value: Number.isSafeInteger(value) ? { longValue: value } : { doubleValue: value } };
  }
  if (value instanceof Uint8Array) {
    return { name, value: { blobValue: value } };
  }
  const { typeHint, text } = value;
  return { name, typeHint, value: text === null ? { isNull: true } : { stringValue: checkedText(text) } };
}

/** The only character that PostgreSQL's text cannot hold. */
function checkedText(text: string): string {
  if (text.includes("\0")) {
    throw Object.assign(new Error("A value holds the character NUL, which PostgreSQL cannot keep."), {
      name: "InvalidSqlValue",
    });
  }
  return text;
}

/** JSON, which the Data API speaks, carries a larger one inexactly. */
function exact(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw Object.assign(new Error(`${value} is too large for a value; pass it as decimal("${value}").`), {
      name: "InvalidSqlValue",
    });
  }
  return number;
}
