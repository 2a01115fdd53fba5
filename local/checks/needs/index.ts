import type { Resource } from "../../engine/resource";
import type { Graph } from "../graph";
import { alarms } from "./alarms";
import { apiGatewayAccount } from "./api-gateway-account";
import { cloudfront } from "./cloudfront";
import { cognito } from "./cognito";
import { ec2 } from "./ec2";
import { events } from "./events";
import { httpApi } from "./http-api";
import { lambda } from "./lambda";
import { logs } from "./logs";
import type { Need, NeedsTable } from "./need";
import { restApi } from "./rest-api";
import { s3 } from "./s3";
import { scheduler } from "./scheduler";
import { secretsManager } from "./secrets-manager";
import { sns } from "./sns";
import { states } from "./states";

const table: NeedsTable = {
  ...alarms,
  ...apiGatewayAccount,
  ...cloudfront,
  ...cognito,
  ...ec2,
  ...events,
  ...httpApi,
  ...lambda,
  ...logs,
  ...restApi,
  ...s3,
  ...scheduler,
  ...secretsManager,
  ...sns,
  ...states,
};

/** What must be allowed so that the resource works; nothing for types that act on no other. */
export function needsIn(resource: Resource, graph: Graph): readonly Need[] {
  return table[resource.type]?.(resource, graph) ?? [];
}
