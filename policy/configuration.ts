import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";

/** The stack's configuration as the engine tells it to a policy pack. */
export interface StackConfiguration {
  /** Full key such as `gallery:domain` → value, a structured one as JSON. */
  readonly values: ReadonlyMap<string, string>;
  /** Keys whose values the stack's file keeps encrypted. */
  readonly secretKeys: ReadonlySet<string>;
}

let current: StackConfiguration | undefined;

/** Undefined until the engine has told it, and for good under an engine older than `ConfigureStack`. */
export const stackConfiguration = () => current;

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
