import { readdir, readFile, stat } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { asset } from "@pulumi/pulumi";
import { unzipSync, type Zippable, zipSync } from "fflate";

/** A file of an archive: its bytes and whether it may be executed. */
interface File {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

type Files = Record<string, File>;

/** An archive of a kind that Lambda does not take, or whose content cannot be read. */
export class UnreadableArchive extends Error {
  constructor(what: string) {
    super(`Cannot make a Lambda package of ${what}: give assets, a directory or a .zip file.`);
    this.name = "UnreadableArchive";
  }
}

/**
 * The ZIP file that Lambda gets for a Pulumi archive: a .zip as it is, anything else packed. Equal files give equal
 * bytes, so the hash of the package tells whether the code changed.
 * @throws UnreadableArchive
 */
export async function packageOf(archive: unknown): Promise<Uint8Array> {
  return (await readyPackage(archive)) ?? packed(await filesOf(archive));
}

// The first date that a ZIP entry can have, in local time as the format has it.
const mtime = new Date(1980, 0, 1);
const unix = 3;
/** From here on, to pack a file well takes longer than to send it to a cloud on the same machine. */
const largeBytes = 1_000_000;

function packed(files: Files): Uint8Array {
  const entries: Zippable = {};
  for (const name of Object.keys(files).sort()) {
    const file = files[name];
    if (!file) continue;
    // A Unix entry has its file mode in the upper half of the attributes.
    const attrs = (file.executable ? 0o100755 : 0o100644) << 16;
    const level = file.bytes.length < largeBytes ? 6 : 1;
    entries[name] = [file.bytes, { mtime, os: unix, attrs, level }];
  }
  return zipSync(entries);
}

async function readyPackage(archive: unknown): Promise<Uint8Array | undefined> {
  const uri = await member(archive, "uri");
  if (uri !== undefined) return fetched(uri);
  const file = await member(archive, "path");
  return file?.endsWith(".zip") ? readFile(file) : undefined;
}

async function filesOf(archive: unknown): Promise<Files> {
  const ready = await readyPackage(archive);
  if (ready) return unpacked(ready);
  const assets = await member<Record<string, unknown>>(archive, "assets");
  if (assets) return filesWithin(assets);
  const directory = await member(archive, "path");
  if (directory === undefined) throw new UnreadableArchive("a value that is no archive");
  if (!(await stat(directory)).isDirectory()) throw new UnreadableArchive(directory);
  return filesBelow(directory);
}

async function filesWithin(assets: Record<string, unknown>): Promise<Files> {
  const files: Files = {};
  for (const [name, value] of Object.entries(assets)) {
    if (asset.Archive.isInstance(value)) Object.assign(files, moved(await filesOf(value), name));
    else files[name] = await fileOf(value, name);
  }
  return files;
}

async function filesBelow(directory: string): Promise<Files> {
  const files: Files = {};
  for (const entry of await readdir(directory)) {
    const file = path.join(directory, entry);
    if ((await stat(file)).isDirectory()) Object.assign(files, moved(await filesBelow(file), entry));
    else files[entry] = await fileOnDisk(file);
  }
  return files;
}

function moved(files: Files, directory: string): Files {
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [path.posix.join(directory, name), file]),
  );
}

async function fileOf(value: unknown, name: string): Promise<File> {
  const text = await member(value, "text");
  if (text !== undefined) return { bytes: new TextEncoder().encode(text), executable: false };
  const file = await member(value, "path");
  if (file !== undefined) return fileOnDisk(file);
  const uri = await member(value, "uri");
  if (uri !== undefined) return { bytes: await fetched(uri), executable: false };
  throw new UnreadableArchive(`"${name}", which is neither asset nor archive`);
}

async function fileOnDisk(file: string): Promise<File> {
  const { mode } = await stat(file);
  return { bytes: await readFile(file), executable: (mode & 0o100) !== 0 };
}

function unpacked(zip: Uint8Array): Files {
  const files = Object.entries(unzipSync(zip)).filter(([name]) => !name.endsWith("/"));
  return Object.fromEntries(files.map(([name, bytes]) => [name, { bytes, executable: false }]));
}

async function fetched(uri: string): Promise<Uint8Array> {
  if (uri.startsWith("file:")) return readFile(fileURLToPath(uri));
  const answer = await fetch(uri);
  if (!answer.ok) throw new UnreadableArchive(`${uri} (status ${answer.status})`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** What a Pulumi asset or archive holds under a name; its classes are not compared, as several copies may be loaded. */
async function member<T = string>(value: unknown, name: string): Promise<T | undefined> {
  if (typeof value !== "object" || value === null || !(name in value)) return undefined;
  return (value as Record<string, T | Promise<T>>)[name];
}
