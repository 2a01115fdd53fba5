import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { fsbp } from "../reference";
import { stackRule } from "../rule";
import { ofType, referrers } from "../stack";

const settings = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
] as const;

export const bucketPublicAccess = stackRule({
  name: "bucket-public-access",
  description: "Buckets block public access.",
  severity: "high",
  reference: fsbp("S3.8", "S3 general purpose buckets should block public access"),
  remediation: `Add an aws.s3.BucketPublicAccessBlock with ${settings.join(", ")} true.`,
  type: Bucket,
  check: (bucket, stack, report) => {
    const [block] = referrers(
      bucket,
      stack,
      ofType(stack, BucketPublicAccessBlock),
      "bucket",
      ({ props }) => props.bucket,
    );
    const open = settings.filter((setting) => !block?.props[setting]);
    if (open.length > 0) report(`may become public: ${open.join(", ")} not set`);
  },
});
