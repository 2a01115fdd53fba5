import type { Resource } from "../engine/resource";
import { Graph } from "./graph";
import { needsIn } from "./needs";
import { Policies } from "./policies";
import { type Finding, report } from "./report";

export type { Finding } from "./report";

/**
 * Finds what AWS would refuse and the emulator does not: functions, queues and topics that the service which uses
 * them may not reach, and service roles that lack what their service does with them.
 * @param resources of a plan, with outputs as far as they can be known
 */
export function checkGraph(resources: readonly Resource[]): Finding[] {
  const graph = new Graph(resources);
  const policies = new Policies(graph);
  const findings = resources.flatMap((resource) =>
    needsIn(resource, graph).flatMap((need) => report(resource, need, policies, graph)),
  );
  // A route needs the same in each stage of its API.
  return [...new Map(findings.map((finding) => [`${finding.urn} ${finding.problem}`, finding])).values()];
}
