import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "../components/bucket";
import type { DeadLetters } from "../components/dead-letters";
import type { EventBus } from "../components/event-bus";
import type { FunctionOptions } from "../components/function";
import { HttpApi, type HttpApiArgs } from "../components/http-api";
import { Table } from "../components/table";
import { Tasks } from "../components/tasks";
import { Topic } from "../components/topic";
import type { UserPool } from "../components/user-pool";
import { announce } from "../handlers/media/announce";
import { erase } from "../handlers/media/erase";
import { eraseUser } from "../handlers/media/erase-user";
import { type RenditionName, renditionNames } from "../handlers/media/picture/renditions";
import * as pictureRoutes from "../handlers/media/pictures";
import { render } from "../handlers/media/render";
import { requestUpload } from "../handlers/media/request-upload";
import * as routes from "../handlers/media/routes";
import { contentOf, start } from "../handlers/media/start";
import { sweep } from "../handlers/media/sweep";
import { renditionsPrefix, uploadsPrefix } from "../handlers/media/upload";
import { photoRemoved } from "../handlers/photos/events";
import { userRemoved } from "../handlers/users/events";

export interface MediaArgs {
  readonly bus: EventBus;
  readonly users: UserPool;
  readonly api: Pick<HttpApiArgs, "throttle" | "corsOrigins" | "mount">;
  readonly deadLetters: DeadLetters;
  readonly functions: FunctionOptions;
  readonly deletionProtection: boolean;
  /** How many functions of each rendition may run at once, 2–1000. */
  readonly renditionConcurrency: number;
}

/**
 * Longer than a message can lie among the dead letters: a redrive finds the picture still there.
 * What was uploaded and never became a picture goes then as well.
 */
const uploadDays = 30;

/** What each rendition's function needs for a picture of 50 megapixels. */
const renderers: Readonly<Record<RenditionName, FunctionOptions>> = {
  thumbnail: { memoryMb: 1024, timeoutSeconds: 30 },
  web: { memoryMb: 1536, timeoutSeconds: 60 },
  print: { memoryMb: 2048, timeoutSeconds: 120 },
};

/** Takes pictures of photos, makes their renditions and tells the bus how far each is. */
export class Media extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: MediaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:service:Media", name, {}, opts);
    const { bus, users, deadLetters, functions, deletionProtection } = args;
    const { corsOrigins } = args.api;
    const parent = { parent: this };

    const bucket = new Bucket(
      `${name}-pictures`,
      {
        deadLetters,
        functions,
        corsOrigins,
        deletionProtection,
        expireDays: { [uploadsPrefix]: uploadDays },
      },
      parent,
    );
    const uploads = bucket.objects(uploadsPrefix);
    const renditions = bucket.objects(renditionsPrefix);
    const pictures = new Table(
      name,
      {
        attributes: { owner: "S", photo: "S", pending: "S", changedAt: "S" },
        key: { partition: "owner", sort: "photo" },
        indexes: { pending: { partition: "pending", sort: "changedAt" } },
        deletionProtection,
      },
      parent,
    );
    const tasks = new Tasks(`${name}-tasks`, { deletionProtection }, parent);

    const topic = new Topic(`${name}-uploaded`, { deadLetters, functions }, parent);
    for (const rendition of renditionNames) {
      topic.fanOut(rendition, render(rendition, pictures.sdk, uploads, renditions), {
        filter: { renditions: [rendition] },
        maximumConcurrency: args.renditionConcurrency,
        function: renderers[rendition],
      });
    }
    bucket.onCreated("start", uploadsPrefix, tasks.once(contentOf, start(pictures.sdk, topic.sdk)));
    pictures.onChange("announce", announce(bus.sdk), { deadLetters, function: functions });
    pictures.onChange("sweep", sweep(uploads, renditions), { deadLetters, function: functions });
    bus.on(
      `${name}-erase`,
      photoRemoved,
      tasks.once(({ detail }) => detail.changeId, erase(pictures.sdk)),
    );
    bus.on(`${name}-erase-user`, userRemoved, eraseUser(pictures.sdk), { function: { timeoutSeconds: 300 } });

    const api = new HttpApi(
      `${name}-api`,
      { ...args.api, users, functions, accessLogRetentionDays: functions.logRetentionDays },
      parent,
    );
    api.route(routes.requestUpload, requestUpload(uploads));
    api.route(routes.listPictures, pictureRoutes.list(pictures.sdk, renditions));
    api.route(routes.readPicture, pictureRoutes.read(pictures.sdk, renditions));
    api.route(routes.showPicture, pictureRoutes.show(pictures.sdk, renditions));

    this.url = api.url;
    this.registerOutputs({ url: this.url });
  }
}
