import * as s3 from "@aws-sdk/client-s3";
import * as post from "@aws-sdk/s3-presigned-post";
import * as presigner from "@aws-sdk/s3-request-presigner";
import { type Bound, service } from "./bind";

interface BucketTarget {
  readonly Bucket: string;
}
type InBucket<Input> = Omit<Input, "Bucket">;

const { method, through } = service(() => new s3.S3Client({}));

/**
 * S3 operations on the objects below a prefix of a bucket. `PresignPost` and `PresignGet` send nothing: they sign what
 * somebody else may send, by the function's own rights, until it expires or the function's credentials do.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const objectMethods = {
  GetObject: method(
    "s3:GetObject",
    (bucket: BucketTarget, input: InBucket<s3.GetObjectCommandInput>) =>
      new s3.GetObjectCommand({ ...input, ...bucket }),
  ),
  PutObject: method(
    "s3:PutObject",
    (bucket: BucketTarget, input: InBucket<s3.PutObjectCommandInput>) =>
      new s3.PutObjectCommand({ ...input, ...bucket }),
  ),
  DeleteObject: method(
    "s3:DeleteObject",
    (bucket: BucketTarget, input: InBucket<s3.DeleteObjectCommandInput>) =>
      new s3.DeleteObjectCommand({ ...input, ...bucket }),
  ),
  PresignPost: through(
    "s3:PutObject",
    (client: s3.S3Client, bucket: BucketTarget, input: InBucket<post.PresignedPostOptions>) =>
      post.createPresignedPost(client, { ...input, ...bucket }),
  ),
  PresignGet: through(
    "s3:GetObject",
    (
      client: s3.S3Client,
      bucket: BucketTarget,
      { expiresSeconds, ...input }: InBucket<s3.GetObjectCommandInput> & { expiresSeconds: number },
    ) =>
      presigner.getSignedUrl(client, new s3.GetObjectCommand({ ...input, ...bucket }), {
        expiresIn: expiresSeconds,
      }),
  ),
};

/** The bound client of the objects below a prefix. */
export type ObjectsClient = Bound<typeof objectMethods>;
