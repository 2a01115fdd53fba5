/** Tags as Pulumi writes them. */
export type Tags = Record<string, string>;

export interface Tag {
  Key: string;
  Value: string;
}

/** Tags in the list form most AWS requests take; undefined when there are none, as some refuse an empty list. */
export function tagList(tags: Tags | undefined): Tag[] | undefined {
  const list = Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return list.length > 0 ? list : undefined;
}

/** Brings the tags of a resource from `old` to `tags` with the service's own two calls, each only when needed. */
export async function retag(
  tags: Tags | undefined,
  old: Tags | undefined,
  calls: { tag(tags: Tags): Promise<unknown>; untag(keys: string[]): Promise<unknown> },
): Promise<void> {
  const wanted = tags ?? {};
  const had = old ?? {};
  const removed = Object.keys(had).filter((key) => !(key in wanted));
  const changed = Object.entries(wanted).filter(([key, value]) => had[key] !== value);
  if (removed.length > 0) await calls.untag(removed);
  if (changed.length > 0) await calls.tag(Object.fromEntries(changed));
}
