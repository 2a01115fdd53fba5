import { S3Client } from "@aws-sdk/client-s3";
import { type AnyResourceHandler, type Inputs, type Properties, resource } from "../engine/resource";
import { ifPresent } from "./faults";

/** How one setting of a bucket is written, read and taken back, each in one call with the bucket's name. */
export interface BucketSetting<Args> {
  /** @default none but the inputs */
  outputs?(inputs: Inputs<Args>): Properties;
  /** Replaces the setting as a whole. */
  put(bucket: string, inputs: Inputs<Args>, client: S3Client): Promise<unknown>;
  /** Undefined, or the fault of AWS that there is none, when the bucket does not have the setting. */
  get(bucket: string, client: S3Client): Promise<unknown>;
  remove(bucket: string, inputs: Inputs<Args>, client: S3Client): Promise<unknown>;
}

/** A resource that is one setting of a bucket; its id is the bucket's name. */
export function bucketSetting<Args extends { bucket: unknown }>(
  setting: BucketSetting<Args>,
): AnyResourceHandler {
  return resource<Args>({
    replaceOn: ["bucket"],
    outputs: (_id, inputs) => setting.outputs?.(inputs) ?? {},
    async create(inputs, cloud) {
      const id = String(inputs.bucket);
      await setting.put(id, inputs, cloud.client(S3Client));
      return { id };
    },
    async read(id, _inputs, cloud) {
      return (await ifPresent(setting.get(id, cloud.client(S3Client)))) === undefined ? undefined : {};
    },
    async update(id, inputs, _old, cloud) {
      await setting.put(id, inputs, cloud.client(S3Client));
      return {};
    },
    async delete(id, inputs, cloud) {
      await ifPresent(setting.remove(id, inputs, cloud.client(S3Client)));
    },
  });
}
