import { credentialOf, parseCredential } from "../../../local/front-door/credential";
import { signed } from "./exchange";

const none = new URLSearchParams();

test("a signed header", () => {
  expect(credentialOf({ authorization: signed("dynamodb", "ASIA1") }, none)).toEqual({
    accessKey: "ASIA1",
    service: "dynamodb",
    region: "eu-west-1",
  });
});

test("a presigned URL", () => {
  const query = new URLSearchParams("X-Amz-Credential=test%2F20260102%2Feu-west-1%2Fs3%2Faws4_request");

  expect(credentialOf({}, query)).toEqual({ accessKey: "test", service: "s3", region: "eu-west-1" });
});

test("a signature for several regions names none", () => {
  const authorization = "AWS4-ECDSA-P256-SHA256 Credential=test/20260102/s3/aws4_request, SignedHeaders=host";

  expect(credentialOf({ authorization }, none)).toEqual({
    accessKey: "test",
    service: "s3",
    region: undefined,
  });
});

test.each([
  undefined,
  null,
  "",
  "test",
  "test/20260102/eu-west-1/s3/other",
  "/20260102/eu-west-1/s3/aws4_request",
])("%s is no credential", (text) => {
  expect(parseCredential(text)).toBeUndefined();
});

test("a bearer token is no credential", () => {
  expect(credentialOf({ authorization: "Bearer e30.e30.x" }, none)).toBeUndefined();
});
