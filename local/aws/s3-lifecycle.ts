import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
} from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import type { Inputs, ServiceTable } from "../engine/resource";
import { type Fields, pascal, request } from "./request";
import { bucketSetting } from "./s3-setting";
import { tagList } from "./tags";

type Lifecycle = Inputs<aws.s3.BucketLifecycleConfigurationArgs>;
type Rule = NonNullable<Lifecycle["rules"]>[number];

function dateOf({ date }: { date?: string }): Date | undefined {
  return date === undefined ? undefined : new Date(date);
}

function filterOf({ filter = {}, prefix }: Rule) {
  const { and, ...single } = filter;
  if (and) {
    const { tags, ...rest } = and;
    return { And: { ...pascal(rest), Tags: tagList(tags) } };
  }
  const given = Object.values(single).some((value) => value !== undefined);
  // AWS asks for a filter; an empty prefix is that of every object.
  return given ? pascal(single) : { Prefix: prefix ?? "" };
}

function ruleOf(rule: Rule) {
  return {
    AbortIncompleteMultipartUpload: pascal(rule.abortIncompleteMultipartUpload),
    Expiration: rule.expiration && { ...pascal(rule.expiration), Date: dateOf(rule.expiration) },
    Filter: filterOf(rule),
    ID: rule.id,
    NoncurrentVersionExpiration: pascal(rule.noncurrentVersionExpiration),
    NoncurrentVersionTransitions: pascal(rule.noncurrentVersionTransitions),
    Status: rule.status,
    Transitions: rule.transitions?.map((transition) => ({ ...pascal(transition), Date: dateOf(transition) })),
  } satisfies Fields<LifecycleRule>;
}

/** Which objects of a bucket are removed or moved with age. The emulator keeps the rules without heeding them. */
export const lifecycle: ServiceTable = {
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration":
    bucketSetting<aws.s3.BucketLifecycleConfigurationArgs>({
      outputs: ({ transitionDefaultMinimumObjectSize = "all_storage_classes_128K" }) => ({
        transitionDefaultMinimumObjectSize,
      }),
      put: (Bucket, { rules = [], transitionDefaultMinimumObjectSize }, client) =>
        client.send(
          new PutBucketLifecycleConfigurationCommand(
            request({
              Bucket,
              LifecycleConfiguration: { Rules: rules.map(ruleOf) },
              TransitionDefaultMinimumObjectSize: transitionDefaultMinimumObjectSize,
            }),
          ),
        ),
      get: (Bucket, client) => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      remove: (Bucket, _inputs, client) => client.send(new DeleteBucketLifecycleCommand({ Bucket })),
    }),
};
