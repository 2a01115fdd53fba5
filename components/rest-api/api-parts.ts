import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { Additions } from "../additions";

type Constructor<Args, Made> = new (name: string, args: Args, opts: pulumi.CustomResourceOptions) => Made;

/** What a deployment of a REST API is a picture of. */
interface Picture {
  readonly parts: readonly pulumi.CustomResource[];
  /** Changes with any argument of any part. */
  readonly digest: pulumi.Output<string>;
}

/**
 * Makes the resources of a REST API that take effect only by a deployment, and keeps account of them: it must come
 * after all of them, and anew with each change of one.
 */
export class ApiParts {
  private readonly made: Additions<{
    readonly name: string;
    readonly args: object;
    readonly resource: pulumi.CustomResource;
  }>;

  constructor(
    readonly owner: pulumi.ComponentResource,
    name: string,
  ) {
    this.made = new Additions(`the deployment of ${name}`);
  }

  /** @throws TooLate */
  checkOpen(name: string, method: string): void {
    this.made.checkOpen(name, method);
  }

  add<Args extends object, Made extends pulumi.CustomResource>(
    type: Constructor<Args, Made>,
    name: string,
    args: Args,
    dependsOn: readonly pulumi.Resource[] = [],
  ): Made {
    const resource = new type(name, args, { parent: this.owner, dependsOn: [...dependsOn] });
    this.made.add({ name, args, resource });
    return resource;
  }

  /** Everything, once the program has run. */
  async picture(): Promise<Picture> {
    const made = await this.made.all();
    const described = [...made]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, args }) => pulumi.jsonStringify([name, args]));
    return {
      parts: made.map(({ resource }) => resource),
      digest: pulumi
        .all(described)
        .apply((texts) => createHash("sha256").update(texts.join("\n")).digest("hex")),
    };
  }
}
