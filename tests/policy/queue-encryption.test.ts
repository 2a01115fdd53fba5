import { Queue } from "@pulumi/aws/sqs/queue";
import { queueEncryption } from "../../policy/rules/queue-encryption";
import { judge, unknown } from "./judge";

describe("queue-encryption", () => {
  test.each([{}, { sqsManagedSseEnabled: false }, { kmsMasterKeyId: "" }])("refuses %j", (props) => {
    expect(judge(queueEncryption, Queue, props)).toEqual([
      "'subject' does not ask for encryption at rest. Set sqsManagedSseEnabled to true, or kmsMasterKeyId.",
    ]);
  });

  test.each([
    { sqsManagedSseEnabled: true },
    { kmsMasterKeyId: "alias/aws/sqs" },
    { sqsManagedSseEnabled: unknown },
    { kmsMasterKeyId: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(queueEncryption, Queue, props)).toEqual([]);
  });

  test("says nothing of a queue that is exempt with a reason", () => {
    expect(judge(queueEncryption, Queue, {}, { exempt: { subject: "holds public prices only" } })).toEqual(
      [],
    );
  });
});
