import * as Vips from "wasm-vips";

/** Makes pictures for tests and looks at them; `close` ends its threads. */
export type Pictures = Awaited<ReturnType<typeof pictures>>;

export type Colour = readonly [red: number, green: number, blue: number];

export const colours = {
  red: [200, 50, 50],
  green: [50, 160, 60],
  blue: [40, 70, 200],
  yellow: [220, 200, 60],
} as const satisfies Record<string, Colour>;

export async function pictures() {
  const vips = await Vips({ dynamicLibraries: [] });
  const { red, green, blue, yellow } = colours;
  const solid = (width: number, height: number, colour: readonly number[]) =>
    vips.Image.black(width, height, { bands: colour.length })
      .linear(
        colour.map(() => 1),
        [...colour],
      )
      .cast("uchar")
      .copy({ interpretation: colour.length < 3 ? "b-w" : "srgb" });

  /** Quarters: red and green above, blue and yellow below. */
  const quarters = (width: number, height: number) => {
    const part = (colour: Colour) => solid(width / 2, height / 2, colour);
    return part(red)
      .join(part(green), "horizontal")
      .join(part(blue).join(part(yellow), "horizontal"), "vertical")
      .copy();
  };

  return {
    /** Four quarters, as `encode` writes them, such as `.jpg` or `.webp[lossless]`. */
    quarters: (width: number, height: number, format: string) =>
      quarters(width, height).writeToBuffer(format),

    /** As a camera held upright writes it: lying, to be turned to the right, with place, XMP, comment and thumbnail. */
    fromCamera: (width: number, height: number) => {
      const image = quarters(width, height);
      image.setInt("orientation", 6);
      image.setString("exif-ifd0-Make", "Camera maker");
      image.setString("exif-ifd3-GPSLatitude", "48/1 51/1 30/1");
      image.setString("exif-ifd3-GPSLatitudeRef", "N");
      image.setBlob("xmp-data", Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/">secret place</x:xmpmeta>'));
      image.setBlob("iptc-data", Buffer.from("Photoshop 3.0\0secret place"));
      image.setBlob("jpeg-thumbnail-data", solid(16, 12, red).jpegsaveBuffer());
      return withComment(image.jpegsaveBuffer({ Q: 90 }), "secret comment");
    },

    /** One colour, as Display P3, with its profile. */
    displayP3: (colour: Colour) =>
      solid(64, 48, colour).iccTransform("p3", { input_profile: "srgb" }).jpegsaveBuffer({ Q: 95 }),

    /** One colour in ink, with a profile. */
    cmyk: (colour: Colour) =>
      solid(64, 48, colour).iccTransform("cmyk", { input_profile: "srgb" }).jpegsaveBuffer({ Q: 95 }),

    /** One value of grey, with its opacity of 255. */
    greyAlpha: (grey: number, alpha: number) => solid(64, 48, [grey, alpha]).pngsaveBuffer(),

    /** One colour, with its opacity of 255. */
    transparent: (colour: Colour, alpha: number, format: string) =>
      solid(64, 48, [...colour, alpha]).writeToBuffer(format),

    /** Frames of one colour each. */
    animated: (...frames: Colour[]) => {
      const strip = frames
        .map((colour) => solid(64, 48, colour))
        .reduce((above, below) => above.join(below, "vertical"))
        .copy();
      strip.setInt("page-height", 48);
      return strip.webpsaveBuffer({ lossless: true });
    },

    /** A small file of very many pixels. */
    bomb: (width: number, height: number) =>
      vips.Image.black(width, height).pngsaveBuffer({ bitdepth: 1, compression: 9 }),

    /** Noise that compresses badly, as grain does: so files are long and decoding takes time. */
    grain: (width: number, height: number, format: string) => {
      const [first, ...others] = [1, 2, 3].map((seed) =>
        vips.Image.gaussnoise(width, height, { mean: 128, sigma: 40, seed }).cast("uchar"),
      );
      return (first as Vips.Image).bandjoin(others).copy({ interpretation: "srgb" }).writeToBuffer(format);
    },

    /** What a picture is and the colours at places that are given as parts of its width and height. */
    look: (file: Uint8Array) => {
      const image = vips.Image.newFromBuffer(file, "", { fail_on: "warning" });
      return {
        width: image.width,
        height: image.height,
        fields: [...image.getFields()],
        at: (x: number, y: number) => [
          ...image.getpoint(Math.floor(x * image.width), Math.floor(y * image.height)),
        ],
      };
    },
    close: () => vips.shutdown(),
  };
}

/** A JPEG file with a comment put in after its first marker. */
function withComment(jpeg: Uint8Array, comment: string): Buffer {
  const text = Buffer.from(comment);
  const segment = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, text, jpeg.subarray(2)]);
}
