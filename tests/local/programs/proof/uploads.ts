import * as aws from "@pulumi/aws";
import type { S3EventRecord } from "aws-lambda";
import { Bucket } from "../../../../components/bucket";
import type { DeadLetters } from "../../../../components/dead-letters";
import { LambdaFunction } from "../../../../components/function";
import { Table } from "../../../../components/table";

/** What a form is to allow. */
export interface FormRequest {
  readonly key: string;
  /** Until it expires; less than 0 has expired. */
  readonly seconds: number;
}

/** A bucket for files that come by forms which a function has signed. */
export function uploads(deadLetters: DeadLetters) {
  const bucket = new Bucket("files", { deadLetters, corsOrigins: ["https://gallery.example"] });
  new aws.s3.BucketVersioning("files-versions", {
    bucket: bucket.name,
    versioningConfiguration: { status: "Enabled" },
  });
  const uploads = bucket.objects("uploads/");
  const told = new Table("told", { attributes: { id: "S" }, key: { partition: "id" } });

  const sign = new LambdaFunction("sign", {
    handler: ({ key, seconds }: FormRequest) =>
      uploads.PresignPost({
        Key: key,
        Conditions: [
          ["eq", "$Content-Type", "image/png"],
          ["content-length-range", 1, 100],
        ],
        Expires: seconds,
      }),
  });

  const link = new LambdaFunction("link", {
    handler: ({ key }: { key: string }) => uploads.PresignGet({ Key: key, expiresSeconds: 60 }),
  });

  const read = new LambdaFunction("read", {
    handler: async ({ key, etag }: { key: string; etag: string }) => {
      try {
        const { Body } = await uploads.GetObject({ Key: key, IfMatch: etag });
        return await Body?.transformToString();
      } catch (error) {
        return error instanceof Error ? error.name : String(error);
      }
    },
  });

  bucket.onCreated("note", "uploads/", async ({ Records }: { Records: S3EventRecord[] }) => {
    for (const record of Records) {
      await told.sdk.PutItem({
        Item: { id: { S: record.s3.object.key }, record: { S: JSON.stringify(record) } },
      });
    }
  });

  return {
    bucketName: bucket.name,
    toldTable: told.name,
    signName: sign.name,
    linkName: link.name,
    readName: read.name,
  };
}
