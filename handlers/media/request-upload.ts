import type { ObjectsClient } from "../../components/sdk/s3";
import { endpoint } from "../endpoint";
import { requestUpload as contract } from "./routes";
import { formSeconds, maximumUploadBytes, newUpload, uploadKey } from "./upload";

/** Hands out a form that puts one object of the user's own into the bucket; S3 itself holds the sender to it. */
export const requestUpload = (uploads: ObjectsClient) =>
  endpoint(contract, async ({ user, body: { photo, contentType } }) => {
    const expiresAt = new Date(Date.now() + formSeconds * 1000);
    const key = uploadKey(newUpload(user, photo));
    const { url, fields } = await uploads.PresignPost({
      Key: key,
      Fields: { "Content-Type": contentType },
      Conditions: [
        ["eq", "$Content-Type", contentType],
        ["content-length-range", 1, maximumUploadBytes],
      ],
      Expires: formSeconds,
    });
    return {
      status: 201,
      body: { url, fields, maximumBytes: maximumUploadBytes, expiresAt: expiresAt.toISOString() },
    };
  });
