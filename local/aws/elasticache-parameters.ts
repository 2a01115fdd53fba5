import {
  AddTagsToResourceCommand,
  ElastiCacheClient,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-elasticache";
import type { Cloud, Place } from "../engine/resource";
import { retag, type Tags, tagList } from "./tags";

/** An input that AWS refuses, where the emulator takes anything. */
export class InvalidElastiCacheParameter extends Error {
  constructor(what: string, value: string, rule: string) {
    super(`${what} "${value}" is refused by ElastiCache: ${rule}`);
    this.name = "InvalidElastiCacheParameter";
  }
}

/**
 * Checks the name of a cache, user or user group.
 * @throws InvalidElastiCacheParameter
 */
export function checkName(what: string, name: string): void {
  if (!/^[a-z](?:-?[a-z0-9]){0,39}$/.test(name) || name.length > 40) {
    const rule =
      "it has 1 to 40 lower case letters, digits and single hyphens, begins with a letter, ends with none";
    throw new InvalidElastiCacheParameter(what, name, rule);
  }
}

export function arnOf(resource: string, { region, account }: Place): string {
  return `arn:aws:elasticache:${region}:${account}:${resource}`;
}

export async function retagArn(ResourceName: string, cloud: Cloud, tags?: Tags, old?: Tags): Promise<void> {
  const client = cloud.client(ElastiCacheClient);
  await retag(tags, old, {
    tag: (more) => client.send(new AddTagsToResourceCommand({ ResourceName, Tags: tagList(more) })),
    untag: (TagKeys) => client.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys })),
  });
}
