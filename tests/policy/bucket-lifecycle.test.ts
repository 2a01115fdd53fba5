import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration";
import { bucketLifecycle } from "../../policy/rules/bucket-lifecycle";
import { given, judgeStack, unknown } from "./judge";

const originals = given(Bucket, "originals", { bucket: "originals" });
const abortIncompleteMultipartUpload = { daysAfterInitiation: 1 };
const configuration = (bucket: unknown, rules: unknown) =>
  given(BucketLifecycleConfiguration, "lifecycle", { bucket, rules });

describe("bucket-lifecycle", () => {
  test.each([
    ["no lifecycle", []],
    [
      "one that aborts nothing",
      [configuration("originals", [{ status: "Enabled", expiration: { days: 7 } }])],
    ],
    [
      "one that is disabled",
      [configuration("originals", [{ status: "Disabled", abortIncompleteMultipartUpload }])],
    ],
    [
      "the lifecycle of another",
      [configuration("others", [{ status: "Enabled", abortIncompleteMultipartUpload }])],
    ],
  ])("refuses a bucket with %s", (_, lifecycle) => {
    // Act
    const messages = judgeStack(bucketLifecycle, [originals, ...lifecycle]);

    // Assess
    expect(messages).toEqual({
      originals: [expect.stringMatching(/^'originals' keeps the parts .* Add an aws\.s3\.BucketLifecycle/)],
    });
  });

  test.each([
    ["that aborts them", "originals", [{ status: "Enabled", abortIncompleteMultipartUpload }]],
    ["whose rules are not known", "originals", unknown],
    ["whose rule is not known", "originals", [unknown]],
    ["when it is not known whose lifecycle there is", unknown, []],
  ])("lets a bucket pass %s", (_, bucket, rules) => {
    expect(judgeStack(bucketLifecycle, [originals, configuration(bucket, rules)])).toEqual({});
  });

  test("says nothing of a bucket that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { originals: "a job aborts them each night" } };

    // Act
    const messages = judgeStack(bucketLifecycle, [originals], config);

    // Assess
    expect(messages).toEqual({});
  });
});
