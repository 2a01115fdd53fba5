import { spawn } from "node:child_process";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineProto from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import * as empty from "google-protobuf/google/protobuf/empty_pb";
import type { Registered } from "../program";

const root = path.resolve(__dirname, "../../..");

/** What Pulumi's engine would get from the program in `pulumi preview`, and what the program logged. */
export interface Preview {
  readonly resources: readonly Registered[];
  readonly log: string;
}

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

/**
 * Runs a program in Pulumi's own Node host, as `pulumi preview` does: the host talks gRPC to this process, which
 * plays the engine and knows no output of any resource.
 */
export async function preview(
  project: string,
  stack: string,
  config: Record<string, string>,
): Promise<Preview> {
  const resources: Registered[] = [];
  let log = "";
  const register: Unary<resourceProto.RegisterResourceRequest, resourceProto.RegisterResourceResponse> = (
    { request },
    reply,
  ) => {
    const [type, name] = [request.getType(), request.getName()];
    resources.push({ type, name, inputs: request.getObject()?.toJavaScript() ?? {} });
    const response = new resourceProto.RegisterResourceResponse();
    response.setUrn(`urn:pulumi:${stack}::${project}::${type}::${name}`);
    response.setObject(request.getObject());
    reply(null, response);
  };
  const nothing = (_: unknown, reply: grpc.sendUnaryData<empty.Empty>) => reply(null, new empty.Empty());

  const server = new grpc.Server();
  server.addService(ResourceMonitorService as unknown as grpc.ServiceDefinition, {
    registerResource: register,
    registerResourceOutputs: nothing,
    signalAndWaitForShutdown: nothing,
    getDeploymentInfo: (_: unknown, reply: grpc.sendUnaryData<resourceProto.DeploymentInfo>) => {
      const info = new resourceProto.DeploymentInfo();
      const { RESOURCE_MONITOR_FEATURE_SECRETS, RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES } =
        resourceProto.ResourceMonitorFeature;
      info.setSupportedfeaturesList([
        RESOURCE_MONITOR_FEATURE_SECRETS,
        RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
      ]);
      reply(null, info);
    },
  });
  server.addService(EngineService as unknown as grpc.ServiceDefinition, {
    log: ({ request }: { request: engineProto.LogRequest }, reply: grpc.sendUnaryData<empty.Empty>) => {
      if (request.getSeverity() >= engineProto.LogSeverity.WARNING) {
        log += request.getMessage();
      }
      reply(null, new empty.Empty());
    },
    setRootResource: (_: unknown, reply: grpc.sendUnaryData<engineProto.SetRootResourceResponse>) =>
      reply(null, new engineProto.SetRootResourceResponse()),
    getRootResource: (_: unknown, reply: grpc.sendUnaryData<engineProto.GetRootResourceResponse>) =>
      reply(null, new engineProto.GetRootResourceResponse()),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const address = `127.0.0.1:${port}`;
  try {
    const args = ["--monitor", address, "--engine", address, "--project", project, "--stack", stack];
    const child = spawn(
      process.execPath,
      [
        path.join(root, "node_modules/@pulumi/pulumi/cmd/run"),
        ...args,
        "--dry-run",
        "true",
        "--pwd",
        root,
        ".",
      ],
      {
        cwd: root,
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          PULUMI_NODEJS_TYPESCRIPT: "true",
          // Types are what `npm run check` checks; the text of the program does not depend on it.
          PULUMI_NODEJS_TRANSPILE_ONLY: "true",
          PULUMI_CONFIG: JSON.stringify(config),
        },
      },
    );
    let printed = "";
    const note = (chunk: Buffer) => {
      printed += chunk;
    };
    child.stdout.on("data", note);
    child.stderr.on("data", note);
    const code = await new Promise((resolve) => child.on("close", resolve));
    if (code !== 0) {
      throw new Error(`Pulumi's Node host ended with ${code}:\n${printed}\n${log}`);
    }
    return { resources, log };
  } finally {
    server.forceShutdown();
  }
}
