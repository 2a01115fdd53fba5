import * as threads from "node:worker_threads";
import { maximumPixels, maximumSide, type RenditionName, renditions } from "./renditions";
import { type Answer, type Order, renderOrders, type Size } from "./thread";
import { unusable } from "./unusable";

/** A finished rendition. */
export interface Rendered extends Size {
  readonly bytes: Uint8Array;
  readonly contentType: "image/jpeg";
}

export interface Renderer {
  /**
   * Makes a rendition of a JPEG, PNG or WebP file: upright, in sRGB, on white where it was transparent, with no
   * metadata left. Of an animation it takes the first frame. Asked several times at once, it makes one after another.
   * @throws `Unusable` where it is the file's fault, with a sentence for its owner
   */
  readonly render: (file: Uint8Array, name: RenditionName) => Promise<Rendered>;
}

/**
 * Pixels of a picture after which a thread is replaced: libvips' WebAssembly memory takes back what large pictures
 * took, but in pieces, and ends at 2 GB. A new thread takes about a second longer for its first picture.
 */
const largePixels = 25e6;

/**
 * Refusals after which a thread is replaced: each error that libvips throws takes some of its WebAssembly stack for
 * good, which 2800 damaged pictures used up.
 */
const mostRefusals = 1000;

/** Readies libvips in a thread of its own, which takes about 0.2 s and 80 MB: do it once per container. */
export async function renderer(): Promise<Renderer> {
  let thread: threads.Worker | undefined = await start();
  let refusals = 0;
  let last: Promise<unknown> = Promise.resolve();

  const end = async (worker: threads.Worker) => {
    thread = undefined;
    refusals = 0;
    await worker.terminate();
  };

  const ask = async (order: Order): Promise<Exclude<Answer, { failure: string }>> => {
    thread ??= await start();
    const worker = thread;
    worker.postMessage(order);
    try {
      const answer = (await next(worker)) as Answer;
      if ("failure" in answer) {
        throw new Error(`libvips could not render the picture: ${answer.failure}`);
      }
      refusals += "unusable" in answer ? 1 : 0;
      const isLarge = answer.source && answer.source.width * answer.source.height > largePixels;
      if (isLarge || refusals === mostRefusals) {
        await end(worker);
      }
      return answer;
    } catch (error) {
      await end(worker);
      throw error;
    }
  };

  return {
    render: async (file, name) => {
      const asked = last.then(() => ask({ file, rendition: renditions[name], maximumPixels, maximumSide }));
      last = asked.catch(() => {});
      const answer = await asked;
      if ("unusable" in answer) {
        throw unusable(answer.unusable, sentences[answer.unusable](answer.source));
      }
      return { ...answer.rendered, contentType: "image/jpeg" };
    },
  };
}

/** What the owner of an unusable picture reads. */
const sentences = {
  "not-a-picture": () => "The file is not a JPEG, PNG or WebP picture.",
  damaged: () => "The picture is damaged or was not sent completely.",
  "too-large": (size: Size | undefined) =>
    `The picture has ${size?.width} × ${size?.height} pixels. At most ${Math.floor(maximumPixels / 1e6)} megapixels ` +
    `are taken, and ${maximumSide} pixels a side.`,
};

async function start(): Promise<threads.Worker> {
  const library = JSON.stringify(require.resolve("wasm-vips"));
  const source = `(${renderOrders})(require(${library}), require("node:worker_threads").parentPort);`;
  const worker = new threads.Worker(source, { eval: true });
  await next(worker);
  return worker;
}

/** What the thread says next; it keeps the process alive only for so long. */
async function next(worker: threads.Worker): Promise<unknown> {
  const listeners: Record<string, (value: unknown) => void> = {};
  worker.ref();
  try {
    return await new Promise<unknown>((resolve, reject) => {
      listeners.message = resolve;
      listeners.error = reject;
      listeners.exit = (code) => reject(new Error(`The rendering thread ended with code ${code}.`));
      for (const [event, listener] of Object.entries(listeners)) {
        worker.on(event, listener);
      }
    });
  } finally {
    for (const [event, listener] of Object.entries(listeners)) {
      worker.off(event, listener);
    }
    worker.unref();
  }
}
