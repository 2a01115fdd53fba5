import type { FieldDef } from "pg";
import { Failure } from "./failure";
import type { Session } from "./sessions";
import { type ColumnType, catalogType, knownType, unsupportedName } from "./types";

/** A column of a result, with the type its values are told as. */
export interface Column extends FieldDef {
  readonly type: ColumnType;
}

/**
 * Finds the types of a result's columns; asks the database only about those that it has numbered itself.
 * @throws Failure when one is of a type that no result may have.
 */
export async function typed(fields: readonly FieldDef[], session: Session): Promise<Column[]> {
  const unknown = fields.filter(({ dataTypeID }) => !knownType(dataTypeID));
  const names = new Map<number, [name: string, category: string]>();
  if (unknown.length > 0) {
    const types = await session.ask(
      "SELECT oid, typname, typtype FROM pg_catalog.pg_type WHERE oid = ANY($1::oid[])",
      unknown.map(({ dataTypeID }) => dataTypeID),
    );
    for (const [type, name, category] of types) {
      names.set(Number(type), [name ?? "", category ?? ""]);
    }
  }
  return fields.map((field) => {
    const [name = "unknown", category = ""] = names.get(field.dataTypeID) ?? [];
    const type = knownType(field.dataTypeID) ?? catalogType({ name, category });
    if (!type) {
      throw new Failure(
        "UnsupportedResultException",
        `The result contains the unsupported data type ${unsupportedName(name)}.`,
      );
    }
    return { ...field, type };
  });
}

/** @see https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_ColumnMetadata.html */
export interface ColumnMetadata {
  readonly arrayBaseColumnType: number;
  readonly isAutoIncrement: boolean;
  readonly isCaseSensitive: boolean;
  readonly isCurrency: boolean;
  readonly isSigned: boolean;
  readonly label: string;
  readonly name: string;
  /** 0 no, 1 yes, 2 unknown, as of an expression. */
  readonly nullable: number;
  readonly precision: number;
  readonly scale: number;
  readonly schemaName: string;
  readonly tableName: string;
  readonly type: number;
  readonly typeName: string;
}

/** Which of a table's columns counts by itself: an identity, or a `serial`. */
const attributes = `
  SELECT a.attrelid, a.attnum, n.nspname, c.relname, a.attnotnull,
    a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false)
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0`;

/** What `includeResultMetadata` asks for. */
export async function metadataOf(columns: readonly Column[], session: Session): Promise<ColumnMetadata[]> {
  const tables = [...new Set(columns.map(({ tableID }) => tableID))].filter((table) => table !== 0);
  const rows = tables.length > 0 ? await session.ask(attributes, tables) : [];
  const byColumn = new Map(rows.map(([table, number, ...rest]) => [`${table}.${number}`, rest]));
  return columns.map(({ name, tableID, columnID, dataTypeModifier, type }) => {
    const [schemaName, tableName, isRequired, isAutoIncrement] = byColumn.get(`${tableID}.${columnID}`) ?? [];
    const isNumber = ["long", "double", "decimal"].includes(type.kind);
    const isText = type.elementJdbc !== undefined || (type.kind === "text" && type.jdbc !== 91);
    return {
      arrayBaseColumnType: type.elementJdbc ?? 0,
      isAutoIncrement: isAutoIncrement === "t",
      isCaseSensitive: isText || type.kind === "blob",
      isCurrency: false,
      isSigned: isNumber && type.elementJdbc === undefined,
      label: name,
      name,
      nullable: isRequired === undefined ? 2 : isRequired === "t" ? 0 : 1,
      ...sizeOf(type, dataTypeModifier),
      schemaName: schemaName ?? "",
      tableName: tableName ?? "",
      type: type.jdbc,
      typeName: type.name,
    };
  });
}

/** Of a type whose size nothing says. */
const unlimited = { precision: 2_147_483_647, scale: 0 };

/** Digits, or characters, of types that are always of one size. */
const sizes: Readonly<Record<string, { readonly precision: number; readonly scale: number }>> = {
  bool: { precision: 1, scale: 0 },
  int2: { precision: 5, scale: 0 },
  int4: { precision: 10, scale: 0 },
  int8: { precision: 19, scale: 0 },
  oid: { precision: 10, scale: 0 },
  float4: { precision: 8, scale: 8 },
  float8: { precision: 17, scale: 17 },
  name: { precision: 63, scale: 0 },
  date: { precision: 13, scale: 0 },
  time: { precision: 15, scale: 6 },
  timestamp: { precision: 29, scale: 6 },
  timestamptz: { precision: 35, scale: 6 },
};

/** The modifier holds what stands in parentheses after the type, as PostgreSQL packs it. */
function sizeOf({ name }: ColumnType, modifier: number): { precision: number; scale: number } {
  const own = name.replace(/^_/, "");
  if (own === "numeric") {
    return modifier < 4
      ? { precision: 0, scale: 0 }
      : { precision: ((modifier - 4) >> 16) & 0xffff, scale: (modifier - 4) & 0xffff };
  }
  if ((own === "varchar" || own === "bpchar") && modifier >= 4) {
    return { precision: modifier - 4, scale: 0 };
  }
  return sizes[own] ?? unlimited;
}
