import * as pulumi from "@pulumi/pulumi";
import type { DeadLetters } from "../components/dead-letters";
import type { EventBus } from "../components/event-bus";
import type { FunctionOptions } from "../components/function";
import { HttpApi, type HttpApiArgs } from "../components/http-api";
import { Table } from "../components/table";
import type { UserPool } from "../components/user-pool";
import { pictureEvents } from "../handlers/media/events";
import { announce } from "../handlers/photos/announce";
import { change } from "../handlers/photos/change";
import { erase } from "../handlers/photos/erase";
import { followPicture } from "../handlers/photos/follow-picture";
import { list } from "../handlers/photos/list";
import { publish } from "../handlers/photos/publish";
import { read } from "../handlers/photos/read";
import { remove } from "../handlers/photos/remove";
import * as routes from "../handlers/photos/routes";
import { userRemoved } from "../handlers/users/events";

export interface PhotosArgs {
  readonly bus: EventBus;
  readonly deadLetters: DeadLetters;
  readonly users: UserPool;
  readonly api: Pick<HttpApiArgs, "throttle" | "corsOrigins" | "mount">;
  readonly functions: FunctionOptions;
  readonly deletionProtection: boolean;
}

/** Publishes, lists, reads, changes and removes photos, and tells the bus of each change. */
export class Photos extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: PhotosArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:service:Photos", name, {}, opts);
    const { bus, users, deadLetters, functions, deletionProtection } = args;
    const parent = { parent: this };

    const photos = new Table(
      name,
      {
        attributes: { id: "S", owner: "S", gallery: "S", publishedAt: "S" },
        key: { partition: "id" },
        indexes: {
          byTime: { partition: "gallery", sort: "publishedAt" },
          byOwner: { partition: "owner", sort: "publishedAt" },
        },
        deletionProtection,
      },
      parent,
    );
    bus.on(`${name}-picture`, pictureEvents, followPicture(photos.sdk));
    // Photo after photo, however many.
    bus.on(`${name}-erase`, userRemoved, erase(photos.sdk), { function: { timeoutSeconds: 300 } });
    photos.onChange("announce", announce(bus.sdk), { deadLetters, function: functions });

    const api = new HttpApi(
      `${name}-api`,
      { ...args.api, users, functions, accessLogRetentionDays: functions.logRetentionDays },
      parent,
    );
    api.route(routes.publishPhoto, publish(photos.sdk));
    api.route(routes.listPhotos, list(photos.sdk));
    api.route(routes.readPhoto, read(photos.sdk));
    api.route(routes.changePhoto, change(photos.sdk));
    api.route(routes.removePhoto, remove(photos.sdk));

    this.url = api.url;
    this.registerOutputs({ url: this.url });
  }
}
