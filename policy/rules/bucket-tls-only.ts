import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { fsbp } from "../reference";
import { stackRule } from "../rule";
import { ofType, referrers } from "../stack";
import { deniesWithoutTls } from "../tls";

export const bucketTlsOnly = stackRule({
  name: "bucket-tls-only",
  description: "Buckets and their objects are reached by TLS only.",
  severity: "medium",
  reference: fsbp("S3.5", "S3 general purpose buckets should require requests to use SSL"),
  remediation:
    'Deny everybody s3:* on the bucket and <bucket>/* by an aws.s3.BucketPolicy, on condition { Bool: { "aws:SecureTransport": "false" } }.',
  type: Bucket,
  check: (bucket, stack, report) => {
    const policies = referrers(
      bucket,
      stack,
      ofType(stack, BucketPolicy),
      "bucket",
      ({ props }) => props.bucket,
    ).map(({ props }) => props.policy);
    const { arn } = bucket.props;
    if (!policies.some((policy) => deniesWithoutTls(policy, "s3:*", [arn, `${arn}/*`]))) {
      report("answers requests that come without TLS");
    }
  },
});
