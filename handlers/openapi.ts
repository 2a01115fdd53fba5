import * as z from "zod";
import type { ResponseContract, RouteContract, SchemaFactory } from "../components/route-contract";
import { type JsonSchema, Schemas } from "./openapi-schemas";
import type { Problem } from "./problem";

/** What is generated of an OpenAPI 3.1 document. @see https://spec.openapis.org/oas/v3.1.1.html */
export interface OpenApiDocument {
  readonly openapi: "3.1.1";
  readonly info: { readonly title: string; readonly version: string };
  /** Path → method in lower case → operation. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, Response | Reference>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly description?: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: JsonSchema }>>;
  readonly content?: Content;
}

interface Reference {
  readonly $ref: string;
}
type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/** Two routes have one id, or one method and path. */
export class RouteTwice extends Error {
  override readonly name = "RouteTwice";

  constructor(what: string, { id, method, path }: RouteContract) {
    super(`${id} (${method} ${path}): another route has the same ${what}; change one of them`);
  }
}

/** A route's path and the contract of its path parameters name different parameters. */
export class PathParametersDiffer extends Error {
  override readonly name = "PathParametersDiffer";

  constructor({ id, path }: RouteContract, inPath: readonly string[], inContract: readonly string[]) {
    const list = (names: readonly string[]) => names.join(", ") || "none";
    super(
      `${id}: the path ${path} has the parameters ${list(inPath)}, ` +
        `its pathParameters ${list(inContract)}; make them the same`,
    );
  }
}

const problemSchema = () =>
  z
    .object({
      type: z.literal("about:blank"),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      errors: z
        .array(
          z.object({
            at: z.string().describe("A JSON pointer into the body, or such as `query/limit` and `path/id`"),
            message: z.string(),
          }),
        )
        .optional()
        .describe("What is wrong with each part of the input"),
    } satisfies Record<keyof Problem, z.ZodType>)
    .meta({ id: "Problem", description: "Problem details, RFC 9457" });

/** What API Gateway answers itself. */
const gatewayErrorSchema = () => z.object({ message: z.string() }).meta({ id: "GatewayError" });

const problemType = "application/problem+json";
const problemContent = { [problemType]: problemSchema };
const gatewayContent = { "application/json": gatewayErrorSchema };
/** A REST API is told to answer problems, an HTTP API cannot be. */
const eitherContent = { ...gatewayContent, ...problemContent };

/** Responses that follow from a route's shape: `endpoint` makes the problems, API Gateway the others. */
const implied = [
  {
    status: 400,
    name: "BadRequest",
    description: "The request breaks its schema",
    content: problemContent,
    on: ({ pathParameters, query, headers, body }: RouteContract) =>
      Boolean(pathParameters || query || headers || body),
  },
  {
    status: 401,
    name: "Unauthorized",
    description: "No valid token, or no key, was sent",
    // API Gateway refuses a token that is not the user pool's, the handler one that is no access token.
    content: eitherContent,
    on: ({ access }: RouteContract) => access === "user" || access === "partner",
  },
  {
    status: 403,
    name: "Forbidden",
    description:
      "The token is no access token, its user is not in the group, the key is no partner's, or of no usage plan",
    content: eitherContent,
    on: ({ access }: RouteContract) => access !== "anyone",
  },
  {
    status: 413,
    name: "ContentTooLarge",
    description: "The body is larger than the API takes",
    content: problemContent,
    on: ({ body }: RouteContract) => body !== undefined,
  },
  {
    status: 415,
    name: "UnsupportedMediaType",
    description: "The body is not application/json",
    content: problemContent,
    on: ({ body }: RouteContract) => body !== undefined,
  },
  {
    status: 429,
    name: "TooManyRequests",
    description: "More requests than the route takes; try again after a pause",
    content: eitherContent,
    on: () => true,
  },
  {
    status: 500,
    name: "InternalServerError",
    description: "The request failed through no fault of its own",
    content: eitherContent,
    on: () => true,
  },
  {
    status: 503,
    name: "ServiceUnavailable",
    description: "No capacity, or no answer in time; try again after a pause",
    content: eitherContent,
    on: () => true,
  },
];

/**
 * Describes routes as an OpenAPI 3.1 document. The same contracts give the same document: paths and components
 * are in alphabetical order, properties in that of their contracts.
 */
export function openApiDocument(
  title: string,
  version: string,
  routes: readonly RouteContract[],
): OpenApiDocument {
  const schemas = new Schemas();
  const ids = new Set<string>();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of [...routes].sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method))) {
    const method = route.method.toLowerCase();
    const methods = paths[route.path] ?? {};
    if (ids.has(route.id)) {
      throw new RouteTwice("id", route);
    }
    if (methods[method]) {
      throw new RouteTwice("method and path", route);
    }
    ids.add(route.id);
    paths[route.path] = { ...methods, [method]: operation(route, schemas) };
  }
  const used = implied.filter(({ on }) => routes.some(on));
  const responses = Object.fromEntries(
    used
      .sort((a, b) => compare(a.name, b.name))
      .map(({ name, description, content }) => [
        name,
        { description, content: responseContent(content, schemas) },
      ]),
  );
  return {
    openapi: "3.1.1",
    info: { title, version },
    paths,
    components: {
      schemas: schemas.components,
      responses,
      securitySchemes: {
        accessToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "An access token of the user pool",
        },
        partnerKey: { type: "apiKey", in: "header", name: "x-api-key", description: "A partner's key" },
        apiKey: { type: "apiKey", in: "header", name: "x-api-key", description: "A key of a usage plan" },
      },
    },
  };
}

function operation(route: RouteContract, schemas: Schemas): Operation {
  const parameters = [
    ...pathParametersOf(route, schemas),
    ...(route.query ? parametersOf(schemas.input(route.query), "query", schemas) : []),
    ...Object.entries(route.headers ?? {}).map(
      ([name, { description, required, schema }]): Parameter => ({
        name,
        in: "header",
        description,
        required,
        schema: schemas.input(schema),
      }),
    ),
  ];
  return {
    operationId: route.id,
    summary: route.summary,
    tags: route.path.split("/").slice(1, 2),
    security: {
      user: [{ accessToken: [] }],
      partner: [{ partnerKey: [] }],
      key: [{ apiKey: [] }],
      anyone: [],
    }[route.access],
    ...(route.group !== undefined && { description: `For members of the group ${route.group}.` }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: { required: true, content: { "application/json": { schema: schemas.input(route.body) } } },
    }),
    responses: {
      ...Object.fromEntries(
        implied
          .filter(({ on }) => on(route))
          .map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }]),
      ),
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, response]) => [
          status,
          responseOf(Number(status), response, schemas),
        ]),
      ),
    },
  };
}

function pathParametersOf(route: RouteContract, schemas: Schemas): Parameter[] {
  const parameters = route.pathParameters
    ? parametersOf(schemas.input(route.pathParameters), "path", schemas)
    : [];
  const inPath = [...route.path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);
  const inContract = parameters.map(({ name }) => name);
  if ([...inPath].sort().join() !== [...inContract].sort().join()) {
    throw new PathParametersDiffer(route, inPath, inContract);
  }
  return parameters;
}

/** A parameter of each property. */
function parametersOf(schema: JsonSchema, place: "path" | "query", schemas: Schemas): Parameter[] {
  const { properties = {}, required = [] } = schemas.resolve(schema);
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = typeof property === "boolean" ? {} : property;
    return {
      name,
      in: place,
      ...(description !== undefined && { description }),
      required: place === "path" || required.includes(name),
      schema: rest,
    };
  });
}

function responseOf(
  status: number,
  { description, schema, headers }: ResponseContract,
  schemas: Schemas,
): Response {
  const content = schema ? { "application/json": schema } : status >= 400 ? problemContent : undefined;
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [
          name,
          { description: text, schema: { type: "string" as const } },
        ]),
      ),
    }),
    ...(content && { content: responseContent(content, schemas) }),
  };
}

function responseContent(content: Readonly<Record<string, SchemaFactory>>, schemas: Schemas): Content {
  return Object.fromEntries(
    Object.entries(content).map(([type, factory]) => [type, { schema: schemas.output(factory) }]),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
