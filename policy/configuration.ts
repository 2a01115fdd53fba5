import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";

/** The stack's configuration as the engine tells it to a policy pack. */
interface StackConfiguration {
  /** Full key such as `gallery:domain` → value, a structured one as JSON. */
  readonly values: ReadonlyMap<string, string>;
  /** Keys whose values the stack's file keeps encrypted. */
  readonly secretKeys: ReadonlySet<string>;
}

/** Undefined until the engine has told it, and for good under an engine older than `ConfigureStack`. */
let current: StackConfiguration | undefined;

/**
 * Remembers the configuration in the engine's `ConfigureStack` call, of which `@pulumi/policy` 1.21 hands the
 * policies only the tags. Must run before the pack starts to serve.
 */
export function rememberStackConfiguration(): void {
  const method = AnalyzerService.configureStack;
  const deserialize = method.requestDeserialize;
  method.requestDeserialize = (bytes) => {
    const request = deserialize(bytes);
    current = {
      values: new Map(request.getConfigMap().entries()),
      secretKeys: new Set(request.getConfigSecretKeysList()),
    };
    return request;
  };
}

/** A text in the configuration. */
export interface Leaf {
  /** The last key on the path, without the namespace. */
  readonly name: string;
  /** Such as `gallery:providers.google.clientSecret`. */
  readonly path: string;
  /** The configuration key it is under. */
  readonly key: string;
  readonly value: string;
}

/** The texts that the stack's file shows to whoever reads it; none while the configuration is not known. */
export function openLeaves(): Leaf[] {
  const { values = new Map<string, string>(), secretKeys } = current ?? {};
  return [...values].flatMap(([key, value]) =>
    secretKeys?.has(key) ? [] : leaves(key, value).map((leaf) => ({ ...leaf, key })),
  );
}

/** The texts in a configuration value, which is JSON when it is structured. */
function leaves(key: string, value: string): Omit<Leaf, "key">[] {
  const name = key.slice(key.indexOf(":") + 1);
  return /^[[{]/.test(value) ? within(name, key, structured(value)) : [{ name, path: key, value }];
}

function within(name: string, path: string, value: unknown): Omit<Leaf, "key">[] {
  if (typeof value === "string") return [{ name, path, value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    within(Array.isArray(value) ? name : key, `${path}.${key}`, child),
  );
}

/** A plain value may begin with a bracket too. */
function structured(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
