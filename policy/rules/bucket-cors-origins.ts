import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketCorsConfiguration } from "@pulumi/aws/s3/bucketCorsConfiguration";
import { documentation } from "../reference";
import { anyResourceRule } from "../rule";

const writing = new Set(["PUT", "POST", "DELETE"]);

export const bucketCorsOrigins = anyResourceRule({
  name: "bucket-cors-origins",
  description: "Web pages of named origins alone write to buckets.",
  severity: "medium",
  reference: documentation("https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html"),
  remediation:
    "Name in allowedOrigins the origins of the pages that upload, such as https://gallery.example.",
  check: ({ asType }, report) => {
    const rules = (asType(BucketCorsConfiguration) ?? asType(Bucket))?.corsRules ?? [];
    for (const { allowedMethods, allowedOrigins } of rules) {
      const methods = allowedMethods.filter((method) => writing.has(method));
      if (methods.length === 0) continue;
      for (const origin of allowedOrigins.filter((pattern) => !namesDomain(pattern))) {
        report(`lets pages of any origin that matches '${origin}' ${methods.join(", ")}`);
      }
    }
  },
});

/** Whether what an origin's wildcard leaves open is below a domain with a name, as in `https://*.gallery.example`. */
const namesDomain = (origin: string) => !origin.includes("*") || /\*[^*]*[^.*]\.[^.*]+$/.test(origin);
