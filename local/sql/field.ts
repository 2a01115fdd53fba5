import { elementsOf } from "./array-text";
import { Failure } from "./failure";
import type { ResultSetOptions } from "./request";
import type { ColumnType, Kind } from "./types";

type Scalar = boolean | number | string;

/** A value as JSON carries the API's Field: https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_Field.html */
export type Field =
  | { readonly isNull: true }
  | Readonly<Record<string, Scalar | Readonly<Record<string, readonly (Scalar | null)[]>>>>;

/** A Field of what the database has sent as text; null is SQL's NULL. */
export function fieldOf(type: ColumnType, text: string | null, options: ResultSetOptions): Field {
  if (text === null) {
    return { isNull: true };
  }
  if (type.elementJdbc !== undefined) {
    const [member, values] = listOf(type.kind, text, options);
    return { arrayValue: { [`${member}Values`]: values } };
  }
  const [member, value] = scalarOf(type.kind, text, options);
  return { [`${member}Value`]: value };
}

/** The same in the JSON of `formattedRecords`. */
export function jsonOf(
  type: ColumnType,
  text: string | null,
  options: ResultSetOptions,
): Scalar | null | (Scalar | null)[] {
  if (text === null) {
    return null;
  }
  return type.elementJdbc === undefined
    ? scalarOf(type.kind, text, options)[1]
    : listOf(type.kind, text, options)[1];
}

type Member = "boolean" | "long" | "double" | "string" | "blob";

function listOf(kind: Kind, text: string, options: ResultSetOptions): [Member, (Scalar | null)[]] {
  const elements = elementsOf(text);
  if (!elements) {
    throw new Failure("UnsupportedResultException", "The result contains a multidimensional array.");
  }
  const scalars = elements.map((element) => (element === null ? null : scalarOf(kind, element, options)));
  const members = scalars.flatMap((scalar) => scalar?.[0] ?? []);
  const [ofNone] = scalarOf(kind, "0", options);
  // Decimals with and without a fraction are a Double and a Long each, but in a list all of one kind.
  const member = members.includes("double") ? "double" : (members[0] ?? ofNone);
  return [member, scalars.map((scalar) => scalar?.[1] ?? null)];
}

function scalarOf(
  kind: Kind,
  text: string,
  { longReturnType, decimalReturnType }: ResultSetOptions,
): [Member, Scalar] {
  switch (kind) {
    case "boolean":
      return ["boolean", text === "t"];
    case "long":
      return longReturnType === "STRING" ? ["string", text] : ["long", Number(text)];
    case "double":
      return ["double", numberIn(text)];
    case "decimal":
      if (decimalReturnType === "STRING") {
        return ["string", text];
      }
      return [text.includes(".") || !/\d/.test(text) ? "double" : "long", numberIn(text)];
    case "blob":
      return ["blob", Buffer.from(text.slice(2), "hex").toString("base64")];
    case "time":
      return ["string", timeIn(text)];
    case "text":
      return ["string", text];
  }
}

/** What is no number has its name in JSON. */
function numberIn(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/** Without the zone, which is UTC, and with milliseconds or microseconds where there are any. */
function timeIn(text: string): string {
  return text
    .replace(/\+00$/, "")
    .replace(/\.(\d+)/, (_, digits: string) => `.${digits.padEnd(digits.length > 3 ? 6 : 3, "0")}`);
}
