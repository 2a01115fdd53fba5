import * as pulumi from "@pulumi/pulumi";

const placeholder = "<known after deployment>";

/** The value with text in place of what only the cloud can tell, for whoever needs to find the types it expects. */
export function withPlaceholders<T>(value: T): T {
  if (pulumi.isUnknown(value)) {
    return placeholder as T;
  }
  if (Array.isArray(value)) {
    return value.map(withPlaceholders) as T;
  }
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).map(([key, inner]) => [key, withPlaceholders(inner)]);
    return Object.fromEntries(entries) as T;
  }
  return value;
}
