import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { bucketTlsOnly } from "../../policy/rules/bucket-tls-only";
import { given, judgeStack, unknown } from "./judge";

const arn = "arn:aws:s3:::originals";
const originals = given(Bucket, "originals", { bucket: "originals", arn });
const denying = (Resource: string[]) => ({
  Statement: [
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});

describe("bucket-tls-only", () => {
  test.each([
    ["has no policy", []],
    [
      "has one for the bucket and not for its objects",
      [given(BucketPolicy, "policy", { bucket: "originals", policy: denying([arn]) })],
    ],
    [
      "leaves it to that of another",
      [given(BucketPolicy, "policy", { bucket: "others", policy: denying(["*"]) })],
    ],
  ])("refuses a bucket that %s", (_, policies) => {
    // Act
    const messages = judgeStack(bucketTlsOnly, [originals, ...policies]);

    // Assess
    expect(messages).toEqual({
      originals: [expect.stringMatching(/^'originals' answers requests .* Deny everybody s3:\* on/)],
    });
  });

  test.each([
    ["that denies it", { bucket: "originals", policy: denying([arn, `${arn}/*`]) }],
    ["that denies it as text", { bucket: "originals", policy: JSON.stringify(denying(["*"])) }],
    ["whose policy is not known", { bucket: "originals", policy: unknown }],
    ["when it is not known whose policy there is", { bucket: unknown, policy: unknown }],
  ])("lets a bucket pass %s", (_, props) => {
    expect(judgeStack(bucketTlsOnly, [originals, given(BucketPolicy, "policy", props)])).toEqual({});
  });

  test("says nothing of a bucket that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { originals: "CloudFront alone reads it" } };

    // Act
    const messages = judgeStack(bucketTlsOnly, [originals], config);

    // Assess
    expect(messages).toEqual({});
  });
});
