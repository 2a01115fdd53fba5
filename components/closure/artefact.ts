import * as pulumi from "@pulumi/pulumi";
import type * as esbuild from "esbuild";
import type { Grant } from "../sdk/bind";
import { bundle, root } from "./bundle";
import { capture, type Handler } from "./capture";
import { companionFiles } from "./companions";

/** A callback made ready for Lambda. */
export interface Artefact {
  /** `index.js`, for most callbacks all there is to upload. */
  readonly code: string;
  /** Files beside it: name in the artefact → file on disk. */
  readonly files: Readonly<Record<string, string>>;
  /** What its role must allow. */
  readonly grants: readonly Grant[];
}

/** The text of a serialised callback is no program, as where it takes a class apart. */
export class Unbundlable extends pulumi.RunError {
  constructor(name: string, cause: Partial<esbuild.BuildFailure>) {
    const problems = (cause.errors?.map(({ text }) => text) ?? [`${cause.message}`]).join("; ");
    const remedy = /Private name|"super"/.test(problems)
      ? ". A class with private fields (#field), or an object of one that uses super, cannot be captured: define " +
        "the class and make the object in a factory: " +
        "{ factory: () => { class Thing { … } const thing = new Thing(); return async (event) => … } }."
      : "";
    super(`${name}: the callback cannot be bundled: ${problems}${remedy}`, { cause });
  }
}

/** Serialises and bundles the callback of the function `name`. */
export async function build(name: string, handler: Handler): Promise<Artefact> {
  const { text, grants } = await capture(name, handler);
  try {
    const { code, packages } = await bundle(text);
    return { code, files: companionFiles(root, packages), grants };
  } catch (error) {
    throw new Unbundlable(name, error as Error);
  }
}
