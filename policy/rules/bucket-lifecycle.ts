import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration";
import { fsbp } from "../reference";
import { stackRule } from "../rule";
import { ofType, referrers } from "../stack";

/**
 * Of a lifecycle this asks what every bucket needs: whoever may put an object may begin an upload in parts, which
 * costs until it is aborted and which no listing shows.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
 */
export const bucketLifecycle = stackRule({
  name: "bucket-lifecycle",
  description: "Buckets have a lifecycle, which aborts incomplete multipart uploads.",
  severity: "low",
  reference: fsbp("S3.13", "S3 general purpose buckets should have Lifecycle configurations"),
  remediation:
    "Add an aws.s3.BucketLifecycleConfiguration with an enabled rule that sets abortIncompleteMultipartUpload.daysAfterInitiation.",
  type: Bucket,
  check: (bucket, stack, report) => {
    const aborted = referrers(
      bucket,
      stack,
      ofType(stack, BucketLifecycleConfiguration),
      "bucket",
      ({ props }) => props.bucket,
    )
      .flatMap(({ props }) => props.rules ?? [])
      .some(
        ({ status, abortIncompleteMultipartUpload }) =>
          status === "Enabled" && abortIncompleteMultipartUpload?.daysAfterInitiation,
      );
    if (!aborted) report("keeps the parts of uploads that nobody completes");
  },
});
