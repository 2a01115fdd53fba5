import type { MessagePort } from "node:worker_threads";
import type * as Vips from "wasm-vips";
import type { Rendition } from "./renditions";
import type { UnusableReason } from "./unusable";

/** What a rendering thread is asked. */
export interface Order {
  readonly file: Uint8Array;
  readonly rendition: Rendition;
  readonly maximumPixels: number;
  readonly maximumSide: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What it answers. `source` is the size of the picture that was sent, if it has one. */
export type Answer =
  | { readonly rendered: Size & { readonly bytes: Uint8Array<ArrayBuffer> }; readonly source: Size }
  | { readonly unusable: UnusableReason; readonly source?: Size }
  | { readonly failure: string };

/**
 * What a rendering thread does: says "ready", then answers orders one by one. It goes there as text, so it uses
 * nothing from around it but what it is given.
 */
export async function renderOrders(library: typeof Vips, port: MessagePort): Promise<void> {
  const vips = await library({
    // Decoders of formats that are not taken; an artefact does not hold them.
    dynamicLibraries: [],
    // Its warnings of a damaged file are lines without end; the error says it all.
    preRun: ({ ENV }: { ENV: Record<string, string> }) => {
      ENV.VIPS_WARNING = "off";
    },
  });
  // Each thread costs memory, and most of the time goes into decoding and encoding, which use one.
  vips.concurrency(1);
  // No file comes twice, so what was computed of one is not kept.
  vips.Cache.max(0);
  // Whatever a file is said to be, its bytes reach the parsers of these formats only.
  vips.operationBlock("VipsForeignLoad", true);
  for (const format of ["Jpeg", "Png", "Webp"]) {
    vips.operationBlock(`VipsForeignLoad${format}`, false);
  }

  /** With the header read; pixels are decoded as they are asked for. */
  const opened = (file: Uint8Array) =>
    vips.Image.newFromBuffer(file, "", { access: "sequential", fail_on: "error" });

  const sizeOf = (file: Uint8Array): Size => {
    const image = opened(file);
    const { width, height } = image;
    image.delete();
    return { width, height };
  };

  const isReadable = (file: Uint8Array): boolean => {
    try {
      const image = opened(file);
      try {
        image.avg();
      } finally {
        image.delete();
      }
      return true;
    } catch {
      return false;
    }
  };

  const render = (file: Uint8Array, side: number, { quality, progressive }: Rendition) => {
    // `fail_on` of its own never reaches the decoder (libvips issue 5195), but one among the decoder's options does.
    const sized = vips.Image.thumbnailBuffer(file, side, {
      height: side,
      size: "down",
      option_string: "[fail_on=error]",
    });
    let coloured = sized;
    try {
      // After it is small: converting a whole picture takes seconds.
      if (sized.getTypeof("icc-profile-data")) {
        coloured = sized.iccTransform("srgb", { embedded: true, intent: "relative" });
      }
      const bytes = coloured.jpegsaveBuffer({
        Q: quality,
        interlace: progressive,
        optimize_coding: progressive,
        keep: "none",
        background: [255],
      }) as Uint8Array<ArrayBuffer>;
      return { bytes, width: coloured.width, height: coloured.height };
    } finally {
      coloured.delete();
      if (coloured !== sized) {
        sized.delete();
      }
    }
  };

  /** What libvips says of a file that cannot be read is the file's fault, anything else is ours. */
  const explain = (file: Uint8Array, error: unknown): Answer => {
    // libvips throws WebAssembly exceptions, no `Error`s: their message is class and text of the C++ one.
    const { message } = error as { readonly message?: unknown };
    if (!Array.isArray(message)) {
      throw error;
    }
    const complaint = message.slice(1).join(": ").trim();
    if (complaint.includes("not in a known format")) {
      return { unusable: "not-a-picture" };
    }
    return complaint.includes("out of memory") || isReadable(file)
      ? { failure: complaint }
      : { unusable: "damaged" };
  };

  const answer = ({ file, rendition, maximumPixels, maximumSide }: Order): Answer => {
    try {
      const source = sizeOf(file);
      const longest = Math.max(source.width, source.height);
      if (source.width * source.height > maximumPixels || longest > maximumSide) {
        return { unusable: "too-large", source };
      }
      const side = Math.min(rendition.longestSide ?? longest, longest);
      return { rendered: render(file, side, rendition), source };
    } catch (error) {
      return explain(file, error);
    }
  };

  port.on("message", (order: Order) => {
    const given = answer(order);
    port.postMessage(given, "rendered" in given ? [given.rendered.bytes.buffer] : []);
  });
  port.postMessage("ready");
}
