import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "./resource";

/** What a file has in place of a secret. */
export const untold = "[secret]";

/** The properties as they are, and the names of those that hold a secret anywhere. */
export function openSecrets(properties: Properties): { opened: Properties; secrets: string[] } {
  const secrets: string[] = [];
  const opened = Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      let isSecret = false;
      const open = (inner: unknown): unknown => {
        if (pulumi.runtime.isRpcSecret(inner)) {
          isSecret = true;
          return open(pulumi.runtime.unwrapRpcSecret(inner));
        }
        if (Array.isArray(inner)) {
          return inner.map(open);
        }
        const isPlain =
          typeof inner === "object" && inner !== null && Object.getPrototypeOf(inner) === Object.prototype;
        return isPlain
          ? Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, open(each)]))
          : inner;
      };
      const plain = open(value);
      if (isSecret) {
        secrets.push(name);
      }
      return [name, plain];
    }),
  );
  return { opened, secrets };
}

/** The properties without the values of these. */
export function withoutSecrets(properties: Properties, secrets: readonly string[]): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, secrets.includes(name) ? untold : value]),
  );
}
