import { formField, isFormUpload, s3Action, s3Address, s3Arn } from "../../../local/front-door/s3";

describe("address", () => {
  test.each([
    ["127.0.0.1:4566", "/", "*"],
    ["127.0.0.1:4566", "/pictures", "arn:aws:s3:::pictures"],
    ["127.0.0.1:4566", "/pictures/a/b%20c.jpg", "arn:aws:s3:::pictures/a/b c.jpg"],
    ["pictures.localhost:4566", "/a.jpg", "arn:aws:s3:::pictures/a.jpg"],
    ["pictures.s3.eu-west-1.amazonaws.com", "/a.jpg", "arn:aws:s3:::pictures/a.jpg"],
    ["s3.localhost:4566", "/pictures/a.jpg", "arn:aws:s3:::pictures/a.jpg"],
    [undefined, "/pictures/%zz", "arn:aws:s3:::pictures/%zz"],
  ])("%s%s", (host, path, arn) => {
    expect(s3Arn(s3Address(host, path))).toBe(arn);
  });
});

describe("action", () => {
  test.each([
    ["GET", "", "", "ListAllMyBuckets"],
    ["PUT", "b", "", "CreateBucket"],
    ["HEAD", "b", "", "ListBucket"],
    ["GET", "b", "list-type=2&prefix=x", "ListBucket"],
    ["GET", "b", "versions", "ListBucketVersions"],
    ["POST", "b", "delete", "DeleteObject"],
    ["POST", "b", "", "PutObject"],
    ["PUT", "b", "cors", "PutBucketCORS"],
    ["DELETE", "b", "cors", "PutBucketCORS"],
    ["DELETE", "b", "policy", "DeleteBucketPolicy"],
    ["GET", "b", "publicAccessBlock", "GetBucketPublicAccessBlock"],
    ["GET", "b/k", "", "GetObject"],
    ["HEAD", "b/k", "", "GetObject"],
    ["GET", "b/k", "versionId=1", "GetObjectVersion"],
    ["DELETE", "b/k", "versionId=1", "DeleteObjectVersion"],
    ["GET", "b/k", "tagging&versionId=1", "GetObjectVersionTagging"],
    ["DELETE", "b/k", "tagging", "DeleteObjectTagging"],
    ["POST", "b/k", "uploads", "PutObject"],
    ["PUT", "b/k", "partNumber=1&uploadId=u", "PutObject"],
    ["GET", "b/k", "uploadId=u", "ListMultipartUploadParts"],
    ["DELETE", "b/k", "uploadId=u", "AbortMultipartUpload"],
    ["PATCH", "b/k", "", "PATCHObject"],
  ])("%s /%s?%s → %s", (method, where, query, action) => {
    const [bucket = "", key = ""] = where.split("/");

    expect(s3Action(method, { bucket, key }, new URLSearchParams(query))).toBe(action);
  });
});

describe("form upload", () => {
  const form = [
    "--x",
    'Content-Disposition: form-data; name="key"',
    "",
    "in/1.jpg",
    "--x",
    'Content-Disposition: form-data; name="x-amz-credential"',
    "Content-Type: text/plain",
    "",
    "test/20260102/eu-west-1/s3/aws4_request",
    "--x",
  ].join("\r\n");

  test("gives its fields", () => {
    expect(formField(Buffer.from(form), "key")).toBe("in/1.jpg");
    expect(formField(Buffer.from(form), "X-Amz-Credential")).toBe("test/20260102/eu-west-1/s3/aws4_request");
    expect(formField(Buffer.from(form), "policy")).toBeUndefined();
  });

  test("is a multipart POST", () => {
    expect(isFormUpload("POST", { "content-type": "multipart/form-data; boundary=x" })).toBe(true);
    expect(isFormUpload("PUT", { "content-type": "multipart/form-data; boundary=x" })).toBe(false);
    expect(isFormUpload("POST", {})).toBe(false);
  });
});
