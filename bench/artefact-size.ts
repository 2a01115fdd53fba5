import { unzipSync } from "fflate";
import { packageOf } from "../local/aws/archive";
import { type DeployedFunction, galleryFunctions, stockFunctions } from "./functions";
import type { Row, Section } from "./section";

const targetKb = 250;

/** What is uploaded for each function, beside stock Pulumi. */
export async function artefactSize(): Promise<Section> {
  const stock = new Map((await stockFunctions()).map((fn) => [fn.name, fn]));
  const rows: Row[] = [];
  for (const fn of await galleryFunctions()) {
    const own = await sizeOf(fn);
    const peers = [];
    for (const [label, name] of [
      ["as it is", fn.name],
      ["lean", `${fn.name}-lean`],
    ] as const) {
      const peer = stock.get(name);
      if (peer) {
        peers.push(`${label}: ${describe(await sizeOf(peer), peer)}`);
      }
    }
    rows.push({
      figure: `\`${fn.name}\``,
      measured: describe(own, fn),
      peer: peers.join("<br>"),
      // A library that a callback brings along is as large as it is.
      target:
        own.files > 1
          ? undefined
          : { text: `≤ ${targetKb} KB zipped`, isMet: own.zippedBytes <= targetKb * 1000 },
    });
  }
  return {
    title: "Size of a function",
    method:
      "The ZIP file that is uploaded for each function of the stack `dev`, made in this process, once: it is the same " +
      "every time. 1 KB is 1000 bytes. The peer is stock `aws.lambda.CallbackFunction` with the same callback and the " +
      "same bound client ([stock/index.ts](stock/index.ts)): its archive of serialised callback and `node_modules`, " +
      "zipped likewise; *lean* excludes, by hand, the packages of `package.json` that the callback does not use.",
    rows,
  };
}

interface Size {
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
  readonly files: number;
}

async function sizeOf({ code }: DeployedFunction): Promise<Size> {
  const zip = await packageOf(code);
  let unzippedBytes = 0;
  let files = 0;
  unzipSync(zip, {
    filter: ({ originalSize }) => {
      unzippedBytes += originalSize;
      files++;
      return false;
    },
  });
  return { zippedBytes: zip.length, unzippedBytes, files };
}

function describe({ zippedBytes, unzippedBytes, files }: Size, fn: DeployedFunction): string {
  const policies = [
    ...(fn.inlinePolicies > 0 ? [`${fn.inlinePolicies} inline`] : []),
    ...(fn.managedPolicies > 0 ? [`${fn.managedPolicies} managed`] : []),
  ];
  return `${bytesText(zippedBytes)} (${bytesText(unzippedBytes)} unzipped, ${plural(files, "file")}), policies: ${policies.join(", ")}`;
}

function bytesText(bytes: number): string {
  return bytes < 1_000_000
    ? `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} KB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
