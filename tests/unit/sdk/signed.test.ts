import * as pulumi from "@pulumi/pulumi";
import { bind } from "../../../components/sdk/bind";
import { objectMethods } from "../../../components/sdk/s3";

pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });

const objects = bind(objectMethods, {
  owner: 'objects in/ of bucket "files"',
  name: "files",
  arn: pulumi.output("arn:files/in/*"),
  target: { Bucket: pulumi.output("known later") },
});

const environment = {
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SESSION_TOKEN: "session",
  FILES_BUCKET: "files-1234567",
};
const before: Record<string, string | undefined> = {};
beforeAll(() => {
  for (const [name, value] of Object.entries(environment)) {
    before[name] = process.env[name];
    process.env[name] = value;
  }
});
afterAll(() => {
  for (const name of Object.keys(environment)) {
    if (before[name] === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = before[name];
    }
  }
});

test("a link reads one object of the bucket, as long as it says, by the function's own session", async () => {
  const url = new URL(await objects.PresignGet({ Key: "in/a b.jpg", expiresSeconds: 900 }));

  expect(url.origin + url.pathname).toBe("https://files-1234567.s3.eu-west-1.amazonaws.com/in/a%20b.jpg");
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    "X-Amz-Expires": "900",
    "X-Amz-Credential": expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request$/),
    "X-Amz-Security-Token": "session",
    "X-Amz-Signature": expect.stringMatching(/^[\da-f]{64}$/),
  });
  expect(url.searchParams.has("expiresSeconds")).toBe(false);
});

test("a form puts the object it was made for, under its conditions, until it expires", async () => {
  const start = Date.now();

  const { url, fields } = await objects.PresignPost({
    Key: "in/a",
    Fields: { "Content-Type": "image/png" },
    Conditions: [["content-length-range", 1, 10]],
    Expires: 300,
  });

  expect(url).toBe("https://files-1234567.s3.eu-west-1.amazonaws.com/");
  expect(fields).toMatchObject({
    key: "in/a",
    "Content-Type": "image/png",
    "X-Amz-Security-Token": "session",
  });
  const policy = JSON.parse(Buffer.from(fields.Policy ?? "", "base64").toString());
  expect(policy.conditions).toEqual(
    expect.arrayContaining([
      ["content-length-range", 1, 10],
      { "Content-Type": "image/png" },
      { bucket: "files-1234567" },
      { key: "in/a" },
    ]),
  );
  // The policy tells whole seconds.
  expect(Date.parse(policy.expiration)).toBeGreaterThanOrEqual(start + 299_000);
  expect(Date.parse(policy.expiration)).toBeLessThanOrEqual(Date.now() + 300_000);
});
