import * as fc from "fast-check";
import { namesOneResource } from "../../policy/arn";

const at = "eu-west-1:123456789012";

describe("namesOneResource", () => {
  test.each([
    `arn:aws:dynamodb:${at}:table/photos`,
    `arn:aws:dynamodb:${at}:table/photos/index/*`,
    `arn:aws:logs:${at}:log-group:/aws/lambda/photos-list:*`,
    "arn:aws:logs:*:123456789012:log-group:/aws/lambda/us-east-1.photo-page:*",
    "arn:aws:s3:::gallery-uploads/*",
    "arn:aws:s3:::gallery-uploads/uploads/*/original",
    `arn:aws:execute-api:${at}:abc123/live/POST/@connections/*`,
    `arn:aws:states:${at}:execution:campaign:*`,
    `arn:aws:ssm:${at}:parameter/gallery/prod/*`,
  ])("%s does", (pattern) => {
    expect(namesOneResource(pattern)).toBe(true);
  });

  test.each([
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::gallery-*",
    "arn:*:s3:::gallery/*",
    `arn:aws:dynamodb:${at}:*`,
    `arn:aws:dynamodb:${at}:table/*`,
    `arn:aws:dynamodb:${at}:table/gallery-*`,
    "arn:aws:dynamodb:*:123456789012:table/photos",
    "arn:aws:dynamodb:eu-west-1:*:table/photos",
    `arn:aws:logs:${at}:log-group:/aws/lambda/*`,
    `arn:aws:logs:${at}:*`,
    `arn:aws:sqs:${at}:media-*`,
    `arn:aws:lambda:${at}:function:*`,
    "not an ARN",
  ])("%s does not", (pattern) => {
    expect(namesOneResource(pattern)).toBe(false);
  });

  test("a pattern without wildcards does, whatever the service", () => {
    const part = fc.stringMatching(/^[a-z0-9-]+$/);
    const resource = fc.stringMatching(/^[A-Za-z0-9_.:/-]+$/);
    fc.assert(
      fc.property(part, part, part, resource, (service, region, account, name) => {
        expect(namesOneResource(`arn:aws:${service}:${region}:${account}:${name}`)).toBe(true);
      }),
    );
  });

  test("nothing does whose account or type is a wildcard", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9/:-]*$/), (rest) => {
        expect(namesOneResource(`arn:aws:dynamodb:eu-west-1:*:table/${rest}`)).toBe(false);
        expect(namesOneResource(`arn:aws:dynamodb:${at}:*${rest}`)).toBe(false);
      }),
    );
  });
});
