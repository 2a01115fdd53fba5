import type { Resource } from "../engine/resource";
import { Graph } from "./graph";
import { needsIn } from "./needs";
import { unreached } from "./network";
import { Policies } from "./policies";
import { type Finding, report } from "./report";

export type { Finding } from "./report";

/**
 * Finds what AWS would refuse and the emulator does not: functions, queues and topics that the service which uses
 * them may not reach, service roles that lack what their service does with them, and servers of a network that
 * functions may use and cannot reach.
 * @param resources of a plan, with outputs as far as they can be known
 */
export function checkGraph(resources: readonly Resource[]): Finding[] {
  const graph = new Graph(resources);
  const policies = new Policies(graph);
  const findings = resources.flatMap((resource) =>
    needsIn(resource, graph).flatMap((need) => report(resource, need, policies, graph)),
  );
  findings.push(...unreached(graph));
  // A route needs the same in each stage of its API.
  return [...new Map(findings.map((finding) => [`${finding.urn} ${finding.problem}`, finding])).values()];
}
