import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { rememberStackConfiguration } from "../../policy/configuration";

rememberStackConfiguration();

/** Tells the pack a configuration as the engine does. */
export function configure(values: Record<string, string>, secretKeys: string[] = []): void {
  const request = new AnalyzerStackConfigureRequest().setConfigSecretKeysList(secretKeys);
  for (const [key, value] of Object.entries(values)) request.getConfigMap().set(key, value);
  AnalyzerService.configureStack.requestDeserialize(Buffer.from(request.serializeBinary()));
}
