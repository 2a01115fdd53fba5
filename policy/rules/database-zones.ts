import { Cluster } from "@pulumi/aws/rds/cluster";
import { ClusterInstance } from "@pulumi/aws/rds/clusterInstance";
import { known, unknown } from "../known";
import { fsbp } from "../reference";
import { stackRule } from "../rule";
import { ofType, referred } from "../stack";

/** A cluster that may be deleted is for development, where one instance is enough. */
export const databaseZones = stackRule({
  name: "database-zones",
  description: "Database clusters that are protected from deletion have an instance in more than one zone.",
  severity: "medium",
  reference: fsbp("RDS.15", "RDS DB clusters should be configured for multiple Availability Zones"),
  remediation: "Add an aws.rds.ClusterInstance: Aurora puts each into another zone while there are some.",
  type: Cluster,
  check: (cluster, stack, report) => {
    const { deletionProtection, dbClusterInstanceClass } = cluster.props;
    // With a class of its own, a Multi-AZ DB cluster makes its instances by itself.
    if (!deletionProtection || dbClusterInstanceClass) return;
    const clusters = ofType(stack, Cluster);
    const instances = ofType(stack, ClusterInstance).filter((instance) => {
      const named = () => instance.props.clusterIdentifier;
      const owner = referred(instance, "clusterIdentifier", named, clusters);
      // What nobody can tell yet may be the cluster's.
      return owner ? owner.resource === cluster.resource : known(named) === unknown;
    });
    if (instances.length < 2) {
      report(
        `has ${instances.length === 1 ? "one instance" : "no instance"}: its zone takes the database along`,
      );
    }
  },
});
