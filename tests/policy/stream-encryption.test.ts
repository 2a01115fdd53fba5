import { Stream } from "@pulumi/aws/kinesis/stream";
import { streamEncryption } from "../../policy/rules/stream-encryption";
import { judge, unknown } from "./judge";

describe("stream-encryption", () => {
  test.each([
    {},
    { encryptionType: "NONE" },
    { encryptionType: "NONE", kmsKeyId: "alias/aws/kinesis" },
    { encryptionType: "KMS" },
    { kmsKeyId: "alias/aws/kinesis" },
  ])("refuses %j", (props) => {
    expect(judge(streamEncryption, Stream, props)).toEqual([
      `'subject' is not encrypted at rest. Set encryptionType to "KMS" and kmsKeyId, such as to "alias/aws/kinesis".`,
    ]);
  });

  test.each([
    { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" },
    { encryptionType: "KMS", kmsKeyId: unknown },
    { encryptionType: unknown, kmsKeyId: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(streamEncryption, Stream, props)).toEqual([]);
  });

  test("says nothing of a stream that is exempt with a reason", () => {
    expect(judge(streamEncryption, Stream, {}, { exempt: { subject: "holds public prices only" } })).toEqual(
      [],
    );
  });
});
