import type { RecordedCall } from "./record";

/** Properties of a call that can be asked for. */
export const FILTERED = [
  "caller",
  "role",
  "kind",
  "service",
  "action",
  "resource",
  "status",
  "error",
  "requestId",
] as const;

type Filtered = (typeof FILTERED)[number];

/** Patterns: the exact value, or its beginning followed by `*`. A call must fit all of them. */
export type CallPatterns = Partial<Readonly<Record<Filtered, string | number>>>;

export interface CallFilter extends CallPatterns {
  /** Only calls recorded after the one with this id; all that are kept when it is no longer among them. */
  readonly since?: string;
  /** Most calls to answer with, from 1. @default all that are kept */
  readonly limit?: number;
}

/** Tests a call against the patterns; action and resource must fit together, in the call's first ask or a further one. */
export function matcher(patterns: CallPatterns): (call: RecordedCall) => boolean {
  const wanted = FILTERED.flatMap((property) => {
    const pattern = patterns[property];
    return pattern === undefined ? [] : [{ property, fits: fitting(String(pattern)) }];
  });
  return ({ further = [], ...call }) =>
    [call, ...further.map((ask) => ({ ...call, ...ask }))].some((one) =>
      wanted.every(({ property, fits }) => one[property] !== undefined && fits(String(one[property]))),
    );
}

function fitting(pattern: string): (value: string) => boolean {
  const beginning = pattern.endsWith("*") ? pattern.slice(0, -1) : undefined;
  return beginning === undefined ? (value) => value === pattern : (value) => value.startsWith(beginning);
}
