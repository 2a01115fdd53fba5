import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketCorsConfiguration } from "@pulumi/aws/s3/bucketCorsConfiguration";
import { bucketCorsOrigins } from "../../policy/rules/bucket-cors-origins";
import { judge, unknown } from "./judge";

const rules = (allowedMethods: unknown, allowedOrigins: unknown) => ({
  corsRules: [{ allowedMethods, allowedOrigins }],
});
const anywhere = rules(["GET", "PUT", "POST"], ["*"]);

describe("bucket-cors-origins", () => {
  test("refuses writing from any origin", () => {
    expect(judge(bucketCorsOrigins, BucketCorsConfiguration, anywhere)).toEqual([
      expect.stringMatching(/^'subject' lets pages of any origin that matches '\*' PUT, POST\. Name in/),
    ]);
  });

  test("refuses it in the bucket's own rules as well", () => {
    expect(judge(bucketCorsOrigins, Bucket, anywhere)).toHaveLength(1);
  });

  test.each(["https://*", "http*", "https://gallery.*", "*.example", "https://*.*"])(
    "refuses %s, below no domain with a name",
    (origin) => {
      // Prepare
      const props = rules(["DELETE"], ["https://gallery.example", origin]);

      // Act
      const messages = judge(bucketCorsOrigins, BucketCorsConfiguration, props);

      // Assess
      expect(messages).toEqual([expect.stringContaining(`'${origin}' DELETE`)]);
    },
  );

  test.each([
    rules(["POST"], ["https://gallery.example", "http://localhost:8080"]),
    rules(["POST"], ["https://*.gallery.example", "https://*-preview.gallery.example"]),
    rules(["GET", "HEAD"], ["*"]),
    rules(["POST"], unknown),
    rules(["POST"], [unknown]),
    rules(unknown, ["*"]),
    { corsRules: unknown },
    {},
  ])("lets %j pass", (props) => {
    expect(judge(bucketCorsOrigins, BucketCorsConfiguration, props)).toEqual([]);
  });

  test("says nothing of a bucket that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { subject: "anybody may upload bug reports" } };

    // Act
    const messages = judge(bucketCorsOrigins, BucketCorsConfiguration, anywhere, config);

    // Assess
    expect(messages).toEqual([]);
  });
});
