import { decodePercent } from "./percent";

/** A route that fits a request, with the values of its path variables. */
export interface RouteMatch {
  readonly key: string;
  readonly params: Readonly<Record<string, string>>;
}

interface Route {
  readonly key: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly greedy: boolean;
}

/**
 * Route keys of an HTTP API, `GET /photos/{id}`, `ANY /{proxy+}`, `$default`, and their selection as API Gateway
 * documents it ("Create routes for HTTP APIs", Routing API requests): a full match, then a greedy path
 * variable, then `$default`. Among equals, more fixed segments win, then a named method over `ANY`.
 */
export class Routes {
  readonly #routes: readonly Route[];
  readonly #hasDefault: boolean;

  constructor(keys: readonly string[]) {
    this.#hasDefault = keys.includes("$default");
    this.#routes = keys
      .filter((key) => !key.startsWith("$"))
      .map(parse)
      .sort(bySpecificity);
  }

  /** @param path as sent, percent-encoded and without the query. */
  match(method: string, path: string): RouteMatch | undefined {
    const segments = path.replace(/^\/+/, "").split("/").map(decodePercent);
    for (const route of this.#routes) {
      if (route.method === method || route.method === "ANY") {
        const params = matchSegments(route, segments);
        if (params) {
          return { key: route.key, params };
        }
      }
    }
    return this.#hasDefault ? { key: "$default", params: {} } : undefined;
  }
}

function parse(key: string): Route {
  const [method = "", path = ""] = key.split(" ", 2);
  const segments = path.replace(/^\//, "").split("/");
  return { key, method, segments, greedy: /^\{.+\+\}$/.test(segments.at(-1) ?? "") };
}

function bySpecificity(a: Route, b: Route): number {
  return (
    Number(a.greedy) - Number(b.greedy) ||
    fixedSegments(b) - fixedSegments(a) ||
    Number(a.method === "ANY") - Number(b.method === "ANY")
  );
}

function fixedSegments(route: Route): number {
  return route.segments.filter((segment) => !isVariable(segment)).length;
}

function isVariable(segment: string): boolean {
  return segment.startsWith("{") && segment.endsWith("}");
}

function matchSegments(route: Route, actual: readonly string[]): Record<string, string> | undefined {
  const { segments, greedy } = route;
  if (greedy ? actual.length < segments.length : actual.length !== segments.length) {
    return undefined;
  }
  const params: Record<string, string> = {};
  for (const [i, expected] of segments.entries()) {
    const rest = greedy && i === segments.length - 1;
    const value = rest ? actual.slice(i).join("/") : (actual[i] ?? "");
    if (isVariable(expected)) {
      if (value === "") {
        return undefined;
      }
      params[expected.slice(1, rest ? -2 : -1)] = value;
    } else if (expected !== value) {
      return undefined;
    }
  }
  return params;
}
