import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "./resource";

/** A digest of each input: equal exactly when the inputs are, contents of assets included. */
export async function fingerprints(inputs: Properties): Promise<Record<string, string>> {
  const entries = Object.entries(inputs).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    await Promise.all(entries.map(async ([key, value]) => [key, digest(JSON.stringify(await plain(value)))])),
  );
}

/** Names of the inputs that differ. */
export function changedInputs(before: Record<string, string>, after: Record<string, string>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]);
}

export function digest(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The value with keys sorted and assets replaced by what they hold. */
async function plain(value: unknown): Promise<unknown> {
  const { asset } = pulumi;
  if (pulumi.isUnknown(value)) {
    return "unknown";
  }
  if (value instanceof asset.StringAsset) {
    return { asset: digest(await value.text) };
  }
  if (value instanceof asset.FileAsset || value instanceof asset.FileArchive) {
    return { asset: await digestOf(await value.path) };
  }
  if (value instanceof asset.AssetArchive) {
    return { archive: await plain(await value.assets) };
  }
  const isAsset: boolean = asset.Asset.isInstance(value) || asset.Archive.isInstance(value);
  if (isAsset) {
    throw new Error("the local cloud takes assets from strings and files, not from addresses");
  }
  if (Array.isArray(value)) {
    return Promise.all(value.map(plain));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      await Promise.all(entries.map(async ([key, inner]) => [key, await plain(inner)])),
    );
  }
  return value;
}

/** Digest of a file, or of all files in a folder with their names. */
async function digestOf(file: string): Promise<string> {
  if (!(await fs.promises.stat(file)).isDirectory()) {
    return digest(await fs.promises.readFile(file));
  }
  const names = (await fs.promises.readdir(file)).sort();
  const digests = await Promise.all(names.map(async (name) => [name, await digestOf(path.join(file, name))]));
  return digest(JSON.stringify(digests));
}
