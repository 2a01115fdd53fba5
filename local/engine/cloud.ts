import type { ClientConfig, Cloud, Place } from "./resource";

/** The emulator's root user, who deploys; its key needs no signature and is worth nothing elsewhere. */
const deployer = { accessKeyId: "test", secretAccessKey: "test" };

/** The part of an SDK client that adds to its requests. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: Request) => Promise<unknown>) => (args: Request) => Promise<unknown>,
      options: { step: "finalizeRequest"; priority: "low"; name: string },
    ): void;
  };
}
interface Request {
  readonly request: { readonly headers: Record<string, string> };
}

/** The local cloud behind `place.endpoint`, whose front door knows the deployer by the token. */
export function connectCloud(place: Place & { readonly endpoint: string }, token?: string): Cloud {
  const clients = new Map<unknown, unknown>();
  const config: ClientConfig = {
    endpoint: place.endpoint,
    region: place.region,
    credentials: deployer,
    forcePathStyle: true,
  };
  return {
    ...place,
    client<C>(type: new (config: ClientConfig) => C): C {
      const known = clients.get(type) as C | undefined;
      const client = known ?? new type(config);
      if (!known && token !== undefined) {
        introduce(client as Client, token);
      }
      clients.set(type, client);
      return client;
    },
  };
}

/** Adds the token after signing: it is between the deployer and the front door. */
function introduce({ middlewareStack }: Client, token: string): void {
  middlewareStack.add(
    (next) => (args) => {
      args.request.headers["x-gallery-deployer"] = token;
      return next(args);
    },
    { step: "finalizeRequest", priority: "low", name: "deployer" },
  );
}
