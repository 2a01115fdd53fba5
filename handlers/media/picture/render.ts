import * as Vips from "wasm-vips";
import { maximumPixels, maximumSide, type Rendition, type RenditionName, renditions } from "./renditions";
import { isUnusable, unusable } from "./unusable";

type Library = Awaited<ReturnType<typeof Vips>>;

/** A finished rendition. */
export interface Rendered {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly contentType: "image/jpeg";
}

export interface Renderer {
  /**
   * Makes a rendition of a JPEG, PNG or WebP file: upright, in sRGB, on white where it was transparent, with no
   * metadata left. Of an animation it takes the first frame.
   * @throws `Unusable` where it is the file's fault, with a sentence for its owner
   */
  readonly render: (file: Uint8Array, name: RenditionName) => Promise<Rendered>;
}

/** Readies libvips, which takes about 0.15 s and 80 MB: do it once per container. */
export async function renderer(): Promise<Renderer> {
  const vips = await Vips({
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
  // By name rather than by media type as sent: bytes reach the parsers of these three formats only.
  vips.operationBlock("VipsForeignLoad", true);
  for (const format of ["Jpeg", "Png", "Webp"]) {
    vips.operationBlock(`VipsForeignLoad${format}`, false);
  }
  return {
    render: async (file, name) => {
      try {
        return rendered(vips, file, renditions[name]);
      } catch (error) {
        throw explained(vips, file, error);
      }
    },
  };
}

function rendered(vips: Library, file: Uint8Array, rendition: Rendition): Rendered {
  const { longestSide, quality, progressive } = rendition;
  const images: Vips.Image[] = [];
  const held = (image: Vips.Image) => {
    images.push(image);
    return image;
  };
  try {
    const { width, height } = held(opened(vips, file));
    if (width * height > maximumPixels || Math.max(width, height) > maximumSide) {
      throw unusable(
        "too-large",
        `The picture has ${width} × ${height} pixels. At most ${Math.floor(maximumPixels / 1e6)} megapixels are ` +
          `taken, and ${maximumSide} pixels a side.`,
      );
    }
    const side = Math.min(longestSide ?? maximumSide, Math.max(width, height));
    // `fail_on` of its own never reaches the decoder (libvips issue 5195), but one among the decoder's options does.
    const sized = held(
      vips.Image.thumbnailBuffer(file, side, {
        height: side,
        size: "down",
        option_string: "[fail_on=error]",
      }),
    );
    // After it is small: converting a whole picture takes seconds.
    const upright = sized.getTypeof("icc-profile-data")
      ? held(sized.iccTransform("srgb", { embedded: true, intent: "relative" }))
      : sized;
    const bytes = upright.jpegsaveBuffer({
      Q: quality,
      interlace: progressive,
      optimize_coding: progressive,
      keep: "none",
      background: [255],
    });
    return { bytes, width: upright.width, height: upright.height, contentType: "image/jpeg" };
  } finally {
    for (const image of images) {
      image.delete();
    }
  }
}

/** The picture with its header read; pixels are decoded as they are asked for. */
function opened(vips: Library, file: Uint8Array): Vips.Image {
  return vips.Image.newFromBuffer(file, "", { access: "sequential", fail_on: "error" });
}

/** The error to report: what libvips says of a file that cannot be read is the file's fault, anything else is ours. */
function explained(vips: Library, file: Uint8Array, error: unknown): unknown {
  const complaint = complaintOf(error);
  if (isUnusable(error) || complaint === undefined) {
    return error;
  }
  if (complaint.includes("not in a known format")) {
    return unusable("not-a-picture", "The file is not a JPEG, PNG or WebP picture.");
  }
  if (complaint.includes("out of memory") || isReadable(vips, file)) {
    return new Error(`libvips could not render the picture: ${complaint}`);
  }
  return unusable("damaged", "The picture is damaged or was not sent completely.");
}

/** libvips throws WebAssembly exceptions, which are no `Error`s: their message is class and text of the C++ one. */
function complaintOf(error: unknown): string | undefined {
  const { message } = error as { readonly message?: unknown };
  return Array.isArray(message) ? message.slice(1).join(": ").trim() : undefined;
}

function isReadable(vips: Library, file: Uint8Array): boolean {
  const images: Vips.Image[] = [];
  try {
    const image = opened(vips, file);
    images.push(image);
    image.avg();
    return true;
  } catch {
    return false;
  } finally {
    for (const image of images) {
      image.delete();
    }
  }
}
