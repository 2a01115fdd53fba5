import * as z from "zod";
import { invalid } from "./failure";

/** @see https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_ExecuteStatement.html */
const longestSql = 65_536;

/** In JSON a number that is none is its name. */
const double = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);

const parameter = z.object({
  name: z.string().default(""),
  value: z
    .object({
      isNull: z.boolean(),
      booleanValue: z.boolean(),
      longValue: z.int(),
      doubleValue: double,
      stringValue: z.string(),
      blobValue: z.base64(),
      arrayValue: z.record(z.string(), z.unknown()),
    })
    .partial()
    .nullish()
    .transform((value) => value ?? undefined),
  typeHint: z.enum(["DATE", "DECIMAL", "JSON", "TIME", "TIMESTAMP", "UUID"]).optional(),
});

export type SqlParameter = z.infer<typeof parameter>;

const target = z.object({
  resourceArn: z.string().min(1),
  secretArn: z.string().min(1),
  database: z.string().optional(),
  schema: z.undefined({ error: "The schema parameter isn't supported" }).optional(),
  transactionId: z.string().optional(),
});

const statement = target.extend({ sql: z.string().min(1).max(longestSql) });

const ended = target.extend({ transactionId: z.string().min(1) });

const resultSetOptions = z
  .object({
    decimalReturnType: z.enum(["STRING", "DOUBLE_OR_LONG"]).default("STRING"),
    longReturnType: z.enum(["LONG", "STRING"]).default("LONG"),
  })
  .prefault({});

export type ResultSetOptions = z.infer<typeof resultSetOptions>;

const requests = {
  ExecuteStatement: statement.extend({
    parameters: z.array(parameter).default([]),
    includeResultMetadata: z.boolean().default(false),
    continueAfterTimeout: z.boolean().default(false),
    resultSetOptions,
    formatRecordsAs: z.enum(["NONE", "JSON"]).default("NONE"),
  }),
  BatchExecuteStatement: statement.extend({ parameterSets: z.array(z.array(parameter)).default([]) }),
  BeginTransaction: target,
  CommitTransaction: ended,
  RollbackTransaction: ended,
};

export type Operation = keyof typeof requests;
export type Request<O extends Operation> = z.infer<(typeof requests)[O]>;
export type Target = z.infer<typeof target>;

export const isOperation = (name: string): name is Operation => Object.hasOwn(requests, name);

/**
 * What a call of the Data API asks for.
 * @throws Failure
 */
export function parseRequest<O extends Operation>(operation: O, body: string): Request<O> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw invalid("The request is no JSON.");
  }
  const { success, data, error } = requests[operation].safeParse(json);
  if (success) {
    return data as Request<O>;
  }
  const problems = error.issues.map(({ path, message }) =>
    path[0] === "schema" ? message : `Value at '${path.join(".")}': ${message}`,
  );
  throw invalid(problems.join("; "));
}
