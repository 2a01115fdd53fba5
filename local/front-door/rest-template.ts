import { Compile, parse } from "velocityjs";

/** What a mapping template sees. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html */
export interface TemplateScope {
  readonly body: string;
  /** By place: path, query string, headers; a name is looked for in this order. */
  readonly params: {
    readonly path: Readonly<Record<string, string>>;
    readonly querystring: Readonly<Record<string, string>>;
    readonly header: Readonly<Record<string, string>>;
  };
  readonly context: Readonly<Record<string, unknown>>;
  readonly stageVariables: Readonly<Record<string, string>>;
}

export interface Evaluated {
  readonly text: string;
  /** What the template has set of `$context.responseOverride`. */
  readonly override: { readonly status?: number; readonly headers: Readonly<Record<string, string>> };
}

const parsed = new Map<string, ReturnType<typeof parse>>();

/** Evaluates a mapping template. What it reads of a request is only ever text to it, not a template. */
export function evaluate(
  template: string,
  { body, params, context, stageVariables }: TemplateScope,
): Evaluated {
  const asts = parsed.get(template) ?? parse(template);
  parsed.set(template, asts);
  const responseOverride: { status?: unknown; header: Record<string, unknown> } = { header: {} };
  const input = {
    body,
    path: (path: string) => valueAt(json(body), path) ?? "",
    json: (path: string) => {
      const value = valueAt(json(body), path);
      return JSON.stringify(value === undefined ? "" : value);
    },
    params: (name?: string) =>
      name === undefined
        ? params
        : (params.path[name] ?? params.querystring[name] ?? params.header[name.toLowerCase()] ?? ""),
  };
  const text = new Compile(asts, { customMethodHandlers: [javaMethods] }).render({
    input,
    util,
    stageVariables,
    context: { ...context, responseOverride },
  });
  const status = Number(responseOverride.status ?? Number.NaN);
  return {
    text,
    override: {
      ...(Number.isInteger(status) && { status }),
      headers: Object.fromEntries(
        Object.entries(responseOverride.header).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
    },
  };
}

/** Methods that a text has in Java, and not in JavaScript by the same name or meaning. */
const ofTexts: Readonly<Record<string, (text: string, ...given: readonly string[]) => unknown>> = {
  contains: (text, part = "") => text.includes(part),
  equals: (text, other) => text === other,
  matches: (text, pattern = "") => new RegExp(`^(?:${pattern})$`, "s").test(text),
  replaceAll: (text, pattern = "", by = "") => text.replace(new RegExp(pattern, "g"), by),
};

const javaMethods = {
  uid: "java",
  match: ({ property, context }: MethodCall) =>
    typeof context === "string" && Object.hasOwn(ofTexts, property),
  resolve: ({ property, context, params }: MethodCall) =>
    ofTexts[property]?.(String(context), ...params.map(String)),
};

interface MethodCall {
  readonly property: string;
  readonly context: unknown;
  readonly params: readonly unknown[];
}

const util = {
  escapeJavaScript: (text: unknown) =>
    JSON.stringify(String(text)).slice(1, -1).replaceAll("'", "\\'").replaceAll("/", "\\/"),
  parseJson: (text: unknown) => json(String(text)),
  urlEncode: (text: unknown) => urlEncode(String(text)),
  urlDecode: (text: unknown) => decodeURIComponent(String(text).replaceAll("+", " ")),
  base64Encode: (text: unknown) => Buffer.from(String(text)).toString("base64"),
  base64Decode: (text: unknown) => Buffer.from(String(text), "base64").toString(),
};

/** As Java's `URLEncoder` does, which lets fewer characters be than JavaScript. */
function urlEncode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The part of JSONPath that names one value: `$`, `$.a.b`, `$['a']`, `$.list[0]`. */
function valueAt(root: unknown, path: string): unknown {
  const names = [...path.matchAll(/\.([\w-]+)|\['([^']*)'\]|\[(\d+)\]/g)].map(
    ([, bare, quoted, index]) => bare ?? quoted ?? index ?? "",
  );
  return names.reduce<unknown>(
    (at, name) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined,
    root,
  );
}
