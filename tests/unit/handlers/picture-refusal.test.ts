import * as fc from "fast-check";
import { type Renderer, renderer } from "../../../handlers/media/picture/render";
import { maximumPixels, type RenditionName, renditions } from "../../../handlers/media/picture/renditions";
import { isUnusable, type Unusable } from "../../../handlers/media/picture/unusable";
import { type Pictures, pictures } from "../../pictures";

let made: Pictures;
let render: Renderer["render"];
beforeAll(async () => {
  made = await pictures();
  ({ render } = await renderer());
});
afterAll(() => made.close());

const names = Object.keys(renditions) as RenditionName[];

async function refusal(file: Uint8Array, name: RenditionName = "thumbnail"): Promise<Unusable> {
  const error = await render(file, name).then(
    () => new Error("it was rendered"),
    (thrown: unknown) => thrown,
  );
  if (!isUnusable(error)) {
    throw error;
  }
  return error;
}

test.each<[string, () => Uint8Array]>([
  ["nothing", () => new Uint8Array(0)],
  ["text", () => Buffer.from("a picture says more than thousand words")],
  ["SVG", () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
  ["PDF", () => Buffer.from("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n")],
  ["HEIC", () => Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1")],
  ["GIF", () => made.quarters(64, 48, ".gif")],
  ["TIFF", () => made.quarters(64, 48, ".tif")],
  ["Radiance HDR", () => made.quarters(64, 48, ".hdr")],
  ["portable pixmap", () => made.quarters(64, 48, ".ppm")],
])("%s is no picture that is taken", async (_, file) => {
  expect(await refusal(file())).toMatchObject({
    unusable: "not-a-picture",
    message: "The file is not a JPEG, PNG or WebP picture.",
  });
});

describe.each([".jpg", ".jpg[interlace]", ".png", ".png[interlace]", ".webp", ".webp[lossless]"])(
  "a half sent %s",
  (format) => {
    test.each(names)("is refused as %s", async (name) => {
      const file = made.grain(640, 480, format);
      expect(await render(file, name)).toMatchObject({ contentType: "image/jpeg" });

      for (const part of [0.1, 0.5, 0.9, 0.99]) {
        expect(await refusal(file.subarray(0, Math.floor(file.length * part)), name)).toMatchObject({
          unusable: "damaged",
          message: "The picture is damaged or was not sent completely.",
        });
      }
    });
  },
);

test("bytes that changed on the way make a damaged picture or another, never a fault of ours", async () => {
  const files = [".jpg", ".jpg[interlace]", ".png", ".webp", ".webp[lossless]"].map((format) =>
    made.quarters(64, 48, format),
  );
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), to: fc.nat(255) });

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (file, changes) => {
        const damaged = file.slice();
        for (const { at, to } of changes) {
          damaged[Math.floor(at * (file.length - 1))] = to;
        }
        await render(damaged, "thumbnail").catch((error: unknown) => {
          if (!isUnusable(error)) {
            throw error;
          }
        });
      },
    ),
    { numRuns: 300 },
  );
});

test("damaged pictures by the thousand wear nothing out", async () => {
  const half = made.quarters(64, 48, ".jpg").subarray(0, 600);

  for (let count = 0; count < 4000; count++) {
    expect((await refusal(half)).unusable).toBe("damaged");
  }
});

describe("too many pixels are refused by the header", () => {
  test.each(names)("before any is decoded: %s", async (name) => {
    const bomb = made.bomb(20_000, 20_000);
    expect(bomb.length).toBeLessThan(60_000);
    await refusal(bomb, name);
    const before = { memory: process.memoryUsage().rss, time: performance.now() };

    const { unusable, message } = await refusal(bomb, name);

    expect(unusable).toBe("too-large");
    expect(message).toContain("20000 × 20000 pixels");
    // Its pixels would take 400 MB and more than a second, on a machine with nothing else to do.
    expect(performance.now() - before.time).toBeLessThan(1000);
    expect(process.memoryUsage().rss - before.memory).toBeLessThan(50e6);
  });

  test("from one row more than is taken", async () => {
    const rows = maximumPixels / 8192;

    expect(await refusal(made.bomb(8192, rows + 1))).toMatchObject({ unusable: "too-large" });
    expect(await render(made.bomb(8192, rows), "thumbnail")).toMatchObject({ width: 320, height: 250 });
  });

  test("also on one side, where a JPEG could not hold them", async () => {
    expect(await refusal(made.bomb(65_501, 1), "print")).toMatchObject({ unusable: "too-large" });
    expect(await render(made.bomb(65_500, 1), "print")).toMatchObject({ width: 65_500, height: 1 });
  });
});

describe("what is not the picture's fault stays an ordinary error", () => {
  const failure = (file: Uint8Array) => render(file, "web").catch((thrown: unknown) => thrown);

  test("of the program", async () => {
    const error = await failure(undefined as unknown as Uint8Array);

    expect(String(error)).toMatch(/^\w*Error: /);
    expect(isUnusable(error)).toBe(false);
    // The thread it broke is replaced.
    expect(await render(made.quarters(64, 48, ".jpg"), "web")).toMatchObject({ width: 64, height: 48 });
  });

  test("of what is asked of libvips, in its words", async () => {
    const asked = jest.replaceProperty(renditions.web, "longestSide", 0 as typeof renditions.web.longestSide);
    try {
      const error = await failure(made.quarters(64, 48, ".jpg"));

      expect(error).toBeInstanceOf(Error);
      expect(String(error)).toMatch(/libvips could not render the picture: .*parameter width/s);
      expect(isUnusable(error)).toBe(false);
      expect(await failure(Buffer.from("text"))).toMatchObject({ unusable: "not-a-picture" });
    } finally {
      asked.restore();
    }
  });
});
