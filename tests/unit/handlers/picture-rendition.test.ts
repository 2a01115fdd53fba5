import { type Renderer, renderer } from "../../../handlers/media/picture/render";
import { type RenditionName, renditions } from "../../../handlers/media/picture/renditions";
import { type Colour, colours, type Pictures, pictures } from "../../pictures";

let made: Pictures;
let render: Renderer["render"];
beforeAll(async () => {
  made = await pictures();
  ({ render } = await renderer());
});
afterAll(() => made.close());

const { red, green, blue, yellow } = colours;
const names = Object.keys(renditions) as RenditionName[];

/** The largest difference of a channel. */
const difference = (one: readonly number[], other: readonly number[]) =>
  Math.max(...one.map((value, index) => Math.abs(value - (other[index] ?? Number.NaN))));

describe("size", () => {
  test.each([
    ["thumbnail", 320, 214],
    ["web", 1600, 1068],
    ["print", 2400, 1602],
  ] as const)("of %s", async (name, width, height) => {
    const file = made.quarters(2400, 1602, ".jpg");

    const rendered = await render(file, name);

    expect(rendered).toMatchObject({ width, height, contentType: "image/jpeg" });
    expect(made.look(rendered.bytes)).toMatchObject({ width, height });
  });

  test.each(names)("of a small picture stays: %s", async (name) => {
    expect(await render(made.quarters(40, 60, ".png"), name)).toMatchObject({ width: 40, height: 60 });
  });

  test("is that of the longer side of the picture as it is seen", async () => {
    expect(await render(made.fromCamera(800, 600), "thumbnail")).toMatchObject({ width: 240, height: 320 });
  });

  test("of a picture far wider than high is a pixel at least", async () => {
    expect(await render(made.quarters(4000, 2, ".png"), "thumbnail")).toMatchObject({
      width: 320,
      height: 1,
    });
  });
});

describe.each(names)("%s", (name) => {
  test("is turned as the camera was held", async () => {
    const { at, fields } = made.look((await render(made.fromCamera(800, 600), name)).bytes);

    expect(difference(at(0.75, 0.25), red)).toBeLessThan(6);
    expect(difference(at(0.75, 0.75), green)).toBeLessThan(6);
    expect(difference(at(0.25, 0.25), blue)).toBeLessThan(6);
    expect(difference(at(0.25, 0.75), yellow)).toBeLessThan(6);
    expect(fields).not.toContain("orientation");
  });

  test("tells nothing of place, camera or editing", async () => {
    const file = Buffer.from(made.fromCamera(800, 600));
    const telling = ["Exif", "Camera maker", "adobe:ns:meta", "secret place", "Photoshop", "secret comment"];
    for (const text of telling) {
      expect(file.includes(text)).toBe(true);
    }

    const { bytes } = await render(file, name);

    for (const text of [...telling, "ICC_PROFILE", "GPS"]) {
      expect(Buffer.from(bytes).includes(text)).toBe(false);
    }
    expect(segments(bytes)).not.toContain("comment");
    expect(segments(bytes).filter((segment) => segment.startsWith("application"))).toEqual([]);
  });
});

test("only what is looked at while it loads comes in passes", async () => {
  const file = made.quarters(400, 400, ".jpg");
  const isProgressive = async (name: RenditionName) =>
    segments((await render(file, name)).bytes).includes("progressive");

  expect([
    await isProgressive("thumbnail"),
    await isProgressive("web"),
    await isProgressive("print"),
  ]).toEqual([false, true, false]);
});

describe("colours stay what they look like", () => {
  const inside = async (file: Uint8Array) => made.look((await render(file, "thumbnail")).bytes).at(0.8, 0.8);

  test.each<[string, () => Uint8Array, Colour]>([
    ["of JPEG", () => made.quarters(64, 48, ".jpg"), yellow],
    ["of PNG", () => made.quarters(64, 48, ".png"), yellow],
    ["of PNG with a palette", () => made.quarters(64, 48, ".png[palette]"), yellow],
    ["of WebP", () => made.quarters(64, 48, ".webp[lossless]"), yellow],
    ["in Display P3", () => made.displayP3(red), red],
    ["in ink", () => made.cmyk(red), red],
    ["on white, half transparent", () => made.transparent(blue, 128, ".png"), [147, 162, 227]],
    ["on white, half transparent in WebP", () => made.transparent(blue, 128, ".webp"), [147, 162, 227]],
    ["on white, fully transparent", () => made.transparent(blue, 0, ".png"), [255, 255, 255]],
    ["of an animation's first frame", () => made.animated(green, red), green],
  ])("%s", async (_, file, colour) => {
    expect(difference(await inside(file()), colour)).toBeLessThan(6);
  });

  test("in Display P3, whose numbers are others", () => {
    expect(difference(made.look(made.displayP3(red)).at(0.5, 0.5), red)).toBeGreaterThan(10);
  });

  test("grey on white", async () => {
    const [grey] = await inside(made.greyAlpha(100, 128));

    expect(grey).toBeCloseTo(177, -1);
  });
});

test("renditions do not differ by what was rendered before", async () => {
  const file = made.fromCamera(800, 600);
  const { bytes } = await render(file, "web");

  await render(made.transparent(blue, 128, ".png"), "web");
  await render(file.subarray(0, file.length / 2), "web").catch(() => {});

  expect(Buffer.compare((await render(file, "web")).bytes, bytes)).toBe(0);
});

test("of several asked at once each gets its own, also after a large picture or a refused one", async () => {
  const large = made.bomb(6000, 5000);
  const small = made.quarters(64, 48, ".jpg");
  const files = [small, large, small, small.subarray(0, 300), large, small];

  const answers = await Promise.allSettled(files.map((file) => render(file, "thumbnail")));

  const widths = answers.map((answer) => (answer.status === "fulfilled" ? answer.value.width : "refused"));
  expect(widths).toEqual([64, 320, 64, "refused", 320, 64]);
});

/** What a JPEG file holds before its first scan, and whether that is the first of several. */
function segments(jpeg: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xda; ) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker === 0xfe) {
      found.push("comment");
    } else if (marker === 0xc2) {
      found.push("progressive");
    } else if (marker >= 0xe0 && marker <= 0xef) {
      found.push(`application ${marker - 0xe0}`);
    }
    at += 2 + (jpeg[at + 2] ?? 0) * 256 + (jpeg[at + 3] ?? 0);
  }
  return found;
}
