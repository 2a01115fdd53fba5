import type { ClientConfig, Cloud, Place } from "./resource";

/** The emulator's root user, who deploys; its key needs no signature and is worth nothing elsewhere. */
const deployer = { accessKeyId: "test", secretAccessKey: "test" };

/** The local cloud behind `place.endpoint`. */
export function connectCloud(place: Place & { readonly endpoint: string }): Cloud {
  const clients = new Map<unknown, unknown>();
  const config = { endpoint: place.endpoint, region: place.region, credentials: deployer };
  return {
    ...place,
    client<C>(type: new (config: ClientConfig) => C): C {
      const known = clients.get(type) as C | undefined;
      const client = known ?? new type(config);
      clients.set(type, client);
      return client;
    },
  };
}
