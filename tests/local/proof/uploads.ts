import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { PresignedPost } from "@aws-sdk/s3-presigned-post";
import type { S3EventRecord } from "aws-lambda";
import { deployer } from "../gallery-client";
import { eventually, type RunningCloud } from "../local-cloud";
import type { FormRequest } from "../programs/proof/uploads";

interface Upload {
  readonly fields?: Readonly<Record<string, string>>;
  readonly content?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function uploads(cloud: () => RunningCloud): void {
  async function invoke<T>(FunctionName: string | undefined, event: object): Promise<T> {
    const { Payload, FunctionError } = await new LambdaClient(deployer(cloud())).send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
    );
    const answer = Payload?.transformToString() ?? "";
    if (FunctionError) throw new Error(answer);
    return JSON.parse(answer);
  }

  /** A form for one key, good for a minute, that takes PNG files of up to 100 bytes. */
  const signForm = (request: Partial<FormRequest> = {}) =>
    invoke<PresignedPost>(cloud().outputs.signName, { key: "uploads/a.png", seconds: 60, ...request });

  /** Sends a form as a browser does; answers its status, S3's code of the error, and headers. */
  async function upload(form: PresignedPost, { fields, content = "picture", headers = {} }: Upload = {}) {
    const body = new FormData();
    const all = { "Content-Type": "image/png", ...form.fields, ...fields };
    for (const [name, value] of Object.entries(all)) {
      body.append(name, value);
    }
    body.append("file", new Blob([content]), "a.png");
    const response = await fetch(form.url, { method: "POST", body, headers });
    const text = await response.text();
    return {
      status: response.status,
      code: /<Code>(\w+)<\/Code>/.exec(text)?.[1],
      headers: response.headers,
    };
  }

  /** What the bucket told its function of an object. */
  async function told(key: string): Promise<S3EventRecord> {
    const get = new GetItemCommand({ TableName: cloud().outputs.toldTable, Key: { id: { S: key } } });
    const record = await eventually(
      async () => (await new DynamoDBClient(deployer(cloud())).send(get)).Item?.record?.S,
    );
    return JSON.parse(record);
  }

  test("a signed form uploads a file, and the bucket's function is told of it", async () => {
    // Prepare
    const form = await signForm({ key: "uploads/told.png" });

    // Act
    const { status, headers } = await upload(form);
    const { eventName, s3 } = await told("uploads/told.png");

    // Assess
    expect(status).toBe(204);
    expect(eventName).toBe("ObjectCreated:Post");
    expect(s3).toMatchObject({
      bucket: { name: cloud().outputs.bucketName },
      object: {
        key: "uploads/told.png",
        size: 7,
        eTag: headers.get("etag")?.replaceAll('"', ""),
        sequencer: expect.stringMatching(/^[0-9A-F]+$/),
        versionId: headers.get("x-amz-version-id"),
      },
    });
  });

  test("a form may ask for a document in answer, but only by its policy", async () => {
    // Act
    const answer = await upload(await signForm(), { fields: { success_action_status: "201" } });

    // Assess
    expect(answer).toMatchObject({ status: 403, code: "AccessDenied" });
  });

  test.each<[string, Upload, number, string]>([
    ["of another type", { fields: { "Content-Type": "text/html" } }, 403, "AccessDenied"],
    ["for another key", { fields: { key: "uploads/other.png" } }, 403, "AccessDenied"],
    ["that is too large", { content: "x".repeat(101) }, 400, "EntityTooLarge"],
    ["that is empty", { content: "" }, 400, "EntityTooSmall"],
    ["with another policy", { fields: { Policy: btoa('{"conditions":[]}') } }, 403, "SignatureDoesNotMatch"],
  ])("a file %s is refused", async (_what, altered, status, code) => {
    // Act
    const answer = await upload(await signForm(), altered);

    // Assess
    expect(answer).toMatchObject({ status, code });
  });

  test("an expired form is refused", async () => {
    // Act
    const answer = await upload(await signForm({ seconds: -60 }));

    // Assess
    expect(answer).toMatchObject({ status: 403, code: "AccessDenied" });
  });

  test("a form that its function has no right to is refused, although it is signed", async () => {
    // Act
    const answer = await upload(await signForm({ key: "private/a.png" }));

    // Assess
    expect(answer).toMatchObject({ status: 403, code: "AccessDenied" });
  });

  test("a page of a declared origin may upload, after asking; another's may not read the answer", async () => {
    // Prepare
    const form = await signForm({ key: "uploads/page.png" });
    const preflight = (origin: string) =>
      fetch(form.url, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST", "sec-fetch-site": "cross-site" },
      });
    const page = (origin: string) => ({ headers: { origin, "user-agent": "Mozilla/5.0" } });

    // Act
    const allowed = await preflight("https://gallery.example");
    const foreign = await preflight("https://evil.example");
    const answer = await upload(form, page("https://gallery.example"));
    const unread = await upload(form, page("https://evil.example"));

    // Assess
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://gallery.example");
    expect(foreign.status).toBe(403);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://gallery.example");
    expect(unread.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("a page without a signed form has no way in", async () => {
    // Prepare
    const form = await signForm();
    const unsigned = { ...form, fields: { key: "uploads/a.png" } };

    // Act
    const answer = await upload(unsigned, { headers: { origin: "https://gallery.example" } });

    // Assess
    expect(answer.status).toBe(403);
  });

  test("a signed link reads the file", async () => {
    // Prepare
    await upload(await signForm({ key: "uploads/link.png" }), { content: "linked" });

    // Act
    const link = await invoke<string>(cloud().outputs.linkName, { key: "uploads/link.png" });
    const response = await fetch(link);
    const altered = await fetch(link.replace("link.png", "told.png"));

    // Assess
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(await response.text()).toBe("linked");
    expect(altered.status).toBe(403);
  });

  test("who processes a file can insist on the one it was told of", async () => {
    // Prepare
    const key = "uploads/twice.png";
    const first = await upload(await signForm({ key }), { content: "first" });
    const second = await upload(await signForm({ key }), { content: "second" });
    const read = (etag: string | null) => invoke<string>(cloud().outputs.readName, { key, etag });
    const VersionId = first.headers.get("x-amz-version-id") ?? "";

    // Act
    const current = await read(second.headers.get("etag"));
    const overwritten = await read(first.headers.get("etag"));
    const { Body } = await new S3Client({ ...deployer(cloud()), forcePathStyle: true }).send(
      new GetObjectCommand({ Bucket: cloud().outputs.bucketName, Key: key, VersionId }),
    );

    // Assess
    expect([current, overwritten]).toEqual(["second", "PreconditionFailed"]);
    expect(await Body?.transformToString()).toBe("first");
  });
}
