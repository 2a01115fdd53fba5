import { Cluster } from "@pulumi/aws/rds/cluster";
import { ClusterInstance } from "@pulumi/aws/rds/clusterInstance";
import type { PolicyResource } from "@pulumi/policy";
import { databaseZones } from "../../policy/rules/database-zones";
import { given, judgeStack, unknown } from "./judge";

const kept = { deletionProtection: true };
const database = (name = "insights", props: object = {}) =>
  given(Cluster, name, { id: name, ...kept, ...props });
const instance = (name: string, clusterIdentifier: unknown, of: PolicyResource[] = []) =>
  given(ClusterInstance, name, { clusterIdentifier }, { clusterIdentifier: of });

describe("database-zones", () => {
  test.each([
    ["no instance", []],
    ["no instance", [instance("1", "other"), instance("2", "other")]],
    ["one instance", [instance("1", "insights")]],
    ["one instance", [instance("1", "insights"), instance("2", "other")]],
  ])("refuses a cluster that has %s", (count, instances) => {
    expect(judgeStack(databaseZones, [database(), ...instances])).toEqual({
      insights: [
        `'insights' has ${count}: its zone takes the database along. Add an aws.rds.ClusterInstance: Aurora puts ` +
          "each into another zone while there are some.",
      ],
    });
  });

  test.each([
    ["with two instances", [database(), instance("1", "insights"), instance("2", "insights")]],
    ["that may be deleted", [database("insights", { deletionProtection: false }), instance("1", "insights")]],
    ["of which that is not known", [database("insights", { deletionProtection: unknown })]],
    ["which makes its instances itself", [database("insights", { dbClusterInstanceClass: "db.r6gd.large" })]],
    ["when it is not known whose one is", [database(), instance("1", "insights"), instance("2", unknown)]],
    [
      "whose instances name it by the name that it is given",
      [
        database("insights", { id: unknown, clusterIdentifier: "views" }),
        instance("1", "views"),
        instance("2", "views"),
      ],
    ],
  ])("lets a cluster pass %s", (_, stack) => {
    expect(judgeStack(databaseZones, stack)).toEqual({});
  });

  test("tells whose instances there are by dependency in a preview", () => {
    // Prepare
    const planned = ["insights", "orders"].map((name) => database(name, { id: unknown }));
    const [insights, orders] = planned.map((cluster) => [cluster]);
    const instances = [
      instance("1", unknown, insights),
      instance("2", unknown, insights),
      instance("3", unknown, orders),
    ];

    // Act
    const messages = judgeStack(databaseZones, [...planned, ...instances]);

    // Assess
    expect(messages).toEqual({ orders: [expect.stringContaining("has one instance:")] });
  });

  test("says nothing of a cluster that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { insights: "may be away for a while" } };

    // Act
    const messages = judgeStack(databaseZones, [database()], config);

    // Assess
    expect(messages).toEqual({});
  });
});
