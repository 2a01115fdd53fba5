import type { Grant } from "../sdk/bind";
import { type Artefact, bundle } from "./bundle";
import { capture, type Handler } from "./capture";

/** A callback made ready for Lambda: the file to upload, and what its role must allow. */
export interface Built extends Artefact {
  readonly grants: readonly Grant[];
}

/** Serialises and bundles the callback of the function `name`. */
export async function build(name: string, handler: Handler): Promise<Built> {
  const { text, grants } = await capture(name, handler);
  return { ...(await bundle(text)), grants };
}
