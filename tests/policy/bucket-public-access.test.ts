import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { bucketPublicAccess } from "../../policy/rules/bucket-public-access";
import { given, judgeStack, unknown } from "./judge";

const originals = given(Bucket, "originals", { bucket: "originals-1a2b3c4", id: "originals-1a2b3c4" });
const closed = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

describe("bucket-public-access", () => {
  test("refuses a bucket without a block", () => {
    // Prepare
    const ofOther = given(BucketPublicAccessBlock, "block", { bucket: "other", ...closed });

    // Act
    const messages = judgeStack(bucketPublicAccess, [originals, ofOther]);

    // Assess
    expect(messages).toEqual({
      originals: [
        expect.stringMatching(/^'originals' may become public: .* not set\. Add an aws\.s3\.BucketPublic/),
      ],
    });
  });

  test("names what a block leaves open", () => {
    // Prepare
    const { blockPublicAcls, ...others } = closed;
    const block = given(BucketPublicAccessBlock, "block", {
      bucket: "originals-1a2b3c4",
      ...others,
      ignorePublicAcls: !blockPublicAcls,
    });

    // Act
    const messages = judgeStack(bucketPublicAccess, [originals, block]);

    // Assess
    expect(messages).toEqual({
      originals: [expect.stringContaining("public: blockPublicAcls, ignorePublicAcls not set.")],
    });
  });

  test.each([
    ["with all of it blocked", { bucket: "originals-1a2b3c4", ...closed }],
    ["whose block is not known", { bucket: "originals-1a2b3c4", ...closed, blockPublicPolicy: unknown }],
    ["when it is not known whose block there is", { bucket: unknown }],
  ])("lets a bucket pass %s", (_, props) => {
    // Prepare
    const block = given(BucketPublicAccessBlock, "block", props);

    // Act
    const messages = judgeStack(bucketPublicAccess, [originals, block]);

    // Assess
    expect(messages).toEqual({});
  });

  test("tells whose block it is by dependency in a preview", () => {
    // Prepare
    const planned = ["originals", "renditions"].map((name) => given(Bucket, name, { id: unknown }));
    const block = given(
      BucketPublicAccessBlock,
      "block",
      { bucket: unknown, ...closed },
      { bucket: planned.slice(0, 1) },
    );

    // Act
    const messages = judgeStack(bucketPublicAccess, [...planned, block]);

    // Assess
    expect(Object.keys(messages)).toEqual(["renditions"]);
  });

  test("says nothing of a bucket that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { originals: "the account blocks public access" } };

    // Act
    const messages = judgeStack(bucketPublicAccess, [originals], config);

    // Assess
    expect(messages).toEqual({});
  });
});
