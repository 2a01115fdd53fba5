/** Object identifiers of the types that are named here, the same in every PostgreSQL. */
export const oid = {
  bool: 16,
  bytea: 17,
  int8: 20,
  text: 25,
  json: 114,
  float8: 701,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  numeric: 1700,
  uuid: 2950,
} as const;

/** How a value of a type is told: as which member of a Field. */
export type Kind = "boolean" | "long" | "double" | "decimal" | "blob" | "time" | "text";

/** A type of columns as the Data API has it. */
export interface ColumnType {
  /** PostgreSQL's own name, such as `int4`; `_int4` of an array. */
  readonly name: string;
  /** Its number in java.sql.Types, which columnMetadata has as `type`. */
  readonly jdbc: number;
  /** Of an array, its elements'. */
  readonly kind: Kind;
  /** Of an array, the number of its elements' type. */
  readonly elementJdbc?: number;
}

type Row = [type: number, array: number | undefined, name: string, jdbc: number, kind: Kind];

/**
 * Scalar types that results may have, with the arrays of them that may; times with a zone are told in UTC.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api-operations.html
 */
const rows: readonly Row[] = [
  [16, 1000, "bool", -7, "boolean"],
  [17, undefined, "bytea", -2, "blob"],
  [19, 1003, "name", 12, "text"],
  [20, 1016, "int8", -5, "long"],
  [21, 1005, "int2", 5, "long"],
  [23, 1007, "int4", 4, "long"],
  [25, 1009, "text", 12, "text"],
  [26, undefined, "oid", -5, "long"],
  [114, 199, "json", 1111, "text"],
  [650, undefined, "cidr", 1111, "text"],
  [700, 1021, "float4", 7, "double"],
  [701, 1022, "float8", 8, "double"],
  [869, undefined, "inet", 1111, "text"],
  [1042, 1014, "bpchar", 1, "text"],
  [1043, 1015, "varchar", 12, "text"],
  [1082, 1182, "date", 91, "text"],
  [1083, 1183, "time", 92, "time"],
  [1114, 1115, "timestamp", 93, "time"],
  [1184, 1185, "timestamptz", 93, "time"],
  [1700, 1231, "numeric", 2, "decimal"],
  [2278, undefined, "void", 1111, "text"],
  [2950, 2951, "uuid", 1111, "text"],
  [3802, undefined, "jsonb", 1111, "text"],
];

const arrayJdbc = 2003;

const known = new Map<number, ColumnType>(
  rows.flatMap(([type, array, name, jdbc, kind]) => {
    const scalar: [number, ColumnType] = [type, { name, jdbc, kind }];
    return array === undefined
      ? [scalar]
      : [scalar, [array, { name: `_${name}`, jdbc: arrayJdbc, kind, elementJdbc: jdbc }]];
  }),
);

/** The type of this object identifier; undefined for one that the database must be asked about. */
export function knownType(type: number): ColumnType | undefined {
  return known.get(type);
}

/** What pg_type has of a type. */
export interface CatalogType {
  readonly name: string;
  /** `e` of an enumeration. */
  readonly category: string;
}

/** A type that PostgreSQL has numbered itself; undefined for one whose values no result may have. */
export function catalogType({ name, category }: CatalogType): ColumnType | undefined {
  return category === "e" || name === "vector" ? { name, jdbc: 12, kind: "text" } : undefined;
}

/** A type's name in the error that no result may have it. */
export function unsupportedName(name: string): string {
  if (name === "char") {
    return '"CHAR"';
  }
  return name.startsWith("reg") ? name : name.toUpperCase();
}
