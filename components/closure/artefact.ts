import type { Grant } from "../sdk/bind";
import { bundle } from "./bundle";
import { capture, type Handler } from "./capture";

/** A callback made ready for Lambda. */
export interface Artefact {
  /** `index.js`, all there is to upload. */
  readonly code: string;
  /** What its role must allow. */
  readonly grants: readonly Grant[];
}

/** Serialises and bundles the callback of the function `name`. */
export async function build(name: string, handler: Handler): Promise<Artefact> {
  const { text, grants } = await capture(name, handler);
  return { code: await bundle(text), grants };
}
