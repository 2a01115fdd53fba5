import { AddTagsToResourceCommand, RDSClient, RemoveTagsFromResourceCommand } from "@aws-sdk/client-rds";
import type { Cloud, Place } from "../engine/resource";
import { retag, type Tags, tagList } from "./tags";

export function arnOf(kind: "cluster" | "cluster-pg" | "db" | "subgrp", name: string, place: Place): string {
  return `arn:aws:rds:${place.region}:${place.account}:${kind}:${name}`;
}

/** RDS names what is missing, or there already, by its kind: under one name each, as with other services. */
export async function common<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && /NotFound(Fault)?$/.test(error.name)) {
      error.name = "ResourceNotFoundException";
    } else if (error instanceof Error && /AlreadyExists(Fault)?$/.test(error.name)) {
      error.name = "AlreadyExistsException";
    }
    throw error;
  }
}

export async function retagAt(
  ResourceName: string,
  tags: Tags | undefined,
  old: Tags | undefined,
  cloud: Cloud,
): Promise<void> {
  const rds = cloud.client(RDSClient);
  await retag(tags, old, {
    tag: (changed) => rds.send(new AddTagsToResourceCommand({ ResourceName, Tags: tagList(changed) })),
    untag: (TagKeys) => rds.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys })),
  });
}
