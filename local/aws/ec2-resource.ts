import { type AnyResourceHandler, type Cloud, type Inputs, type Place, resource } from "../engine/resource";
import { Ec2Query, type Query } from "./ec2-query";
import { retag, type Tags, tagList } from "./tags";

/** How EC2 has one type of resource: all are made, looked at, tagged and deleted alike. */
interface Kind<Args> {
  /** What it is in ARNs and tags, such as `subnet`. */
  readonly kind: string;
  /** Action that makes it, and the element of the answer that has its id. */
  readonly create: readonly [action: string, idElement: string];
  /** Action that describes it, the parameter that takes its id, and the element of the answer that has it. */
  readonly read: readonly [action: string, idParameter: string, idElement: string];
  /** Action that deletes it, and the parameter that takes its id. */
  readonly delete: readonly [action: string, idParameter: string];
  readonly nameProperty?: keyof Args & string;
  readonly replaceOn: readonly (keyof Args & string)[];
  query(inputs: Inputs<Args>): Query;
  outputs?(id: string, inputs: Inputs<Args>, place: Place): Record<string, unknown>;
  /** Sets what its creation does not take, and answers the output properties that only the cloud knows. */
  settle?(id: string, inputs: Inputs<Args>, cloud: Cloud): Promise<Record<string, unknown> | undefined>;
  /** Changes in place, besides those of tags and of what `settle` sets. */
  change?(id: string, inputs: Inputs<Args>, old: Inputs<Args>, cloud: Cloud): Promise<unknown>;
  /** What must be done before it can be deleted. */
  release?(id: string, inputs: Inputs<Args>, cloud: Cloud): Promise<unknown>;
}

export const ask = (cloud: Cloud, action: string, query: Query) => cloud.client(Ec2Query).ask(action, query);

/** The answer, or undefined when what is asked about does not exist. */
export async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && /\.?NotFound$/.test(error.name)) return undefined;
    throw error;
  }
}

export const ec2Arn = ({ region, account }: Place, kind: string, id: string) =>
  `arn:aws:ec2:${region}:${account}:${kind}/${id}`;

export function tagSpecification(kind: string, tags: Tags | undefined): Query {
  const Tag = tagList(tags)?.map(({ Key, Value }) => ({ Key, Value }));
  return Tag ? { TagSpecification: [{ ResourceType: kind, Tag }] } : {};
}

export async function retagById(
  id: string,
  { tags }: { tags?: Tags },
  old: { tags?: Tags },
  cloud: Cloud,
): Promise<void> {
  await retag(tags, old.tags, {
    tag: (added) =>
      ask(cloud, "CreateTags", { ResourceId: [id], Tag: (tagList(added) ?? []).map((t) => ({ ...t })) }),
    untag: (keys) => ask(cloud, "DeleteTags", { ResourceId: [id], Tag: keys.map((Key) => ({ Key })) }),
  });
}

/** Declares the handler of one type. */
export function ec2Resource<Args extends { tags?: unknown }>(of: Kind<Args>): AnyResourceHandler {
  const tagsOf = (inputs: Inputs<Args>) => inputs as { tags?: Tags };
  return resource<Args>({
    nameProperty: of.nameProperty,
    replaceOn: of.replaceOn,
    outputs: (id, inputs, place) => ({
      arn: ec2Arn(place, of.kind, id),
      ownerId: place.account,
      ...of.outputs?.(id, inputs, place),
    }),
    async create(inputs, cloud) {
      const [action, element] = of.create;
      const query = { ...of.query(inputs), ...tagSpecification(of.kind, tagsOf(inputs).tags) };
      const id = (await ask(cloud, action, query)).text(element) ?? "";
      return { id, outputs: await of.settle?.(id, inputs, cloud) };
    },
    async read(id, _inputs, cloud) {
      const [action, parameter, element] = of.read;
      const found = await ifThere(ask(cloud, action, { [parameter]: [id] }));
      // A deleted NAT gateway is told of for an hour.
      return found?.texts(element).includes(id) && found.text("state") !== "deleted" ? {} : undefined;
    },
    async update(id, inputs, old, cloud) {
      await of.change?.(id, inputs, old, cloud);
      await retagById(id, tagsOf(inputs), tagsOf(old), cloud);
      return of.settle?.(id, inputs, cloud);
    },
    async delete(id, inputs, cloud) {
      const [action, parameter] = of.delete;
      await ifThere(of.release?.(id, inputs, cloud) ?? Promise.resolve());
      await ifThere(ask(cloud, action, { [parameter]: id }));
    },
  });
}
