import { createHash } from "node:crypto";
import type { Registered } from "../program";

interface Code {
  readonly assets:
    | Promise<Record<string, { text: Promise<string> | string }>>
    | Record<string, { text: string }>;
}

/** Function → SHA-256 of its `index.js`. */
export async function artefactsOf(resources: readonly Registered[]): Promise<Record<string, string>> {
  const functions = resources.filter(({ type }) => type === "aws:lambda/function:Function");
  const digests = functions.map(async ({ name, inputs }) => {
    const { "index.js": asset } = await (inputs.code as Code).assets;
    return [
      name,
      createHash("sha256")
        .update((await asset?.text) ?? "")
        .digest("hex"),
    ] as const;
  });
  return Object.fromEntries((await Promise.all(digests)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
