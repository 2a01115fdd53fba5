import type { SQSRecord } from "aws-lambda";
import * as fc from "fast-check";
import * as pictureRender from "../../../handlers/media/picture/render";
import { type RenditionName, renditionNames } from "../../../handlers/media/picture/renditions";
import { unusable } from "../../../handlers/media/picture/unusable";
import type { PictureRecord } from "../../../handlers/media/picture-record";
import { progressIn } from "../../../handlers/media/progress";
import { render } from "../../../handlers/media/render";
import { sweep } from "../../../handlers/media/sweep";
import { revisionOf, uploadKey } from "../../../handlers/media/upload";
import { keyedTable } from "./keyed-table";
import { memoryObjects, owner, photo, picture, ready, sequencer, stored, upload } from "./media-cloud";

const revision = revisionOf(upload(), sequencer);
const objectOf = (name: RenditionName) => stored(revision, name).key;
const message = (count = 1, eTag = "etag-1") =>
  ({
    body: JSON.stringify({
      owner,
      photo,
      revision: revisionOf(upload(count), sequencer),
      upload: uploadKey(upload(count)),
      eTag,
    }),
  }) as SQSRecord;

const drawn: pictureRender.Rendered = {
  bytes: new Uint8Array([1, 2, 3]),
  width: 20,
  height: 10,
  contentType: "image/jpeg",
};
const draw = jest.fn<ReturnType<pictureRender.Renderer["render"]>, [Uint8Array, RenditionName]>();
beforeEach(() => {
  draw.mockReset().mockResolvedValue(drawn);
  jest.spyOn(pictureRender, "renderer").mockResolvedValue({ render: draw });
});
afterEach(() => jest.restoreAllMocks());

/** The service with one upload, and its picture as `known`. */
function media(known: PictureRecord | null = picture(), calls: Parameters<typeof memoryObjects>[0] = {}) {
  const pictures = keyedTable(["owner", "photo"], calls);
  if (known) {
    pictures.put(known);
  }
  const uploads = memoryObjects(calls);
  uploads.put(uploadKey(upload()));
  const renditions = memoryObjects(calls);
  const handlers = Object.fromEntries(
    renditionNames.map((name) => [
      name,
      render(name, pictures.client, uploads.client, renditions.client).factory(),
    ]),
  );
  return {
    pictures,
    uploads,
    renditions,
    picture: () => pictures.items()[0] as PictureRecord | undefined,
    deliver: async (name: RenditionName, sent = message()) => handlers[name]?.(sent),
    /** What the stream's function deletes of all that has changed. */
    sweep: () => sweep(uploads.client, renditions.client)({ Records: pictures.stream }),
  };
}

/** How often the picture became what it was not before. */
const transitions = (stream: ReturnType<typeof keyedTable>["stream"], state: string) =>
  stream.filter(
    ({ dynamodb: { OldImage, NewImage } = {} }) =>
      NewImage?.state?.S === state && OldImage?.state?.S !== state,
  ).length;

describe("a request", () => {
  test("makes a rendition of the upload, stores it for ever and notes it", async () => {
    const { deliver, renditions, picture: now } = media();

    await deliver("web");

    expect(draw.mock.calls).toEqual([[Buffer.from("picture"), "web"]]);
    expect(renditions.puts).toEqual([
      {
        Key: objectOf("web"),
        Body: drawn.bytes,
        ContentType: "image/jpeg",
        CacheControl: "public, max-age=31536000, immutable",
      },
    ]);
    expect(now()).toEqual(picture(["web"], { changedAt: expect.any(String) }));
  });

  test("that makes the last rendition makes the picture ready, which is then pending no more", async () => {
    const { deliver, picture: now } = media(picture(["thumbnail", "print"]));

    await deliver("web");

    const { pending: _, ...whole } = ready();
    expect(now()).toEqual({ ...whole, changedAt: expect.any(String) });
  });

  test("for what is there already makes nothing again", async () => {
    const { deliver, renditions } = media(picture(["web"]));

    await deliver("web");

    expect(draw).not.toHaveBeenCalled();
    expect(renditions.puts).toEqual([]);
  });

  test("that comes again heals a crash between the last note and the end", async () => {
    const { deliver, picture: now, pictures } = media(picture(renditionNames));

    await deliver("print");

    expect(now()?.state).toBe("ready");
    expect(transitions(pictures.stream, "ready")).toBe(1);
  });

  test.each([
    ["of an upload that a later one has replaced", picture([], { count: 2 })],
    ["of a photo that was removed", null],
    ["of a picture that has failed", picture([], { state: "failed" })],
  ])("%s makes nothing, and takes away what an attempt that crashed has left", async (_, known) => {
    const { deliver, renditions, picture: now } = media(known);
    renditions.put(objectOf("web"));

    await deliver("web");

    expect(draw).not.toHaveBeenCalled();
    expect(renditions.keys()).toEqual([]);
    expect(now()).toEqual(known ?? undefined);
  });

  test("for a picture that is ready leaves it as it is", async () => {
    const { deliver, renditions, pictures } = media(ready());
    renditions.put(objectOf("web"));

    await deliver("web");

    expect(renditions.keys()).toEqual([objectOf("web")]);
    expect(pictures.stream).toHaveLength(1);
  });

  test.each<[string, (m: ReturnType<typeof media>) => void, PictureRecord[]]>([
    ["replaced", ({ pictures }) => pictures.put(picture([], { count: 2 })), [picture([], { count: 2 })]],
    [
      "removed",
      ({ pictures }) =>
        void pictures.client.DeleteItem({ Key: { owner: { S: owner }, photo: { S: photo } } }),
      [],
    ],
    [
      "failed",
      ({ pictures }) => pictures.put(picture([], { state: "failed", reason: "It is damaged." })),
      [picture([], { state: "failed", reason: "It is damaged." })],
    ],
  ])("whose picture is %s while it is made takes away what it has stored", async (_, meanwhile, left) => {
    const service = media();
    draw.mockImplementation(async () => {
      meanwhile(service);
      return drawn;
    });

    await service.deliver("web");

    expect(service.renditions.puts).toHaveLength(1);
    expect(service.renditions.keys()).toEqual([]);
    expect(service.pictures.items()).toEqual(left);
  });

  test("for a content that was posted over is left to that one's own request", async () => {
    const { deliver, renditions, picture: now } = media();

    await deliver("web", message(1, "etag-of-before"));

    expect(draw).not.toHaveBeenCalled();
    expect(renditions.puts).toEqual([]);
    expect(now()).toEqual(picture());
  });

  test("that breaks its contract is thrown", async () => {
    await expect(media().deliver("web", { body: "{}" } as SQSRecord)).rejects.toThrow(/revision/);
  });
});

describe("a picture that is none", () => {
  test("fails with a reason for its owner, stays pending, and no retry is asked for", async () => {
    const { deliver, picture: now } = media();
    draw.mockRejectedValue(unusable("damaged", "The picture is damaged."));

    await deliver("web");

    expect(now()).toEqual(
      picture([], { state: "failed", reason: "The picture is damaged.", changedAt: expect.any(String) }),
    );
  });

  test("takes no rendition that comes later, and its upload and what was made of it go", async () => {
    const { deliver, picture: now, sweep: clean, uploads, renditions } = media();
    await deliver("thumbnail");
    draw.mockRejectedValueOnce(unusable("damaged", "The picture is damaged."));
    await deliver("web");

    await deliver("print");
    await clean();

    expect(now()?.state).toBe("failed");
    expect([...uploads.keys(), ...renditions.keys()]).toEqual([]);
  });

  test("does not fail a later upload in its stead", async () => {
    const service = media();
    draw.mockImplementation(async () => {
      service.pictures.put(picture([], { count: 2 }));
      throw unusable("damaged", "The picture is damaged.");
    });

    await service.deliver("web");

    expect(service.picture()).toEqual(picture([], { count: 2 }));
  });
});

describe("what has ended stays as it is", () => {
  const failed = picture(renditionNames, { state: "failed", reason: "It is damaged." });

  test.each([
    ["ready", ready()],
    ["failed", failed],
    ["replaced", picture([], { count: 2 })],
  ])("%s, whoever comes late to complete or to fail it", async (_, known) => {
    const pictures = keyedTable(["owner", "photo"]);
    pictures.put(known);
    const progress = progressIn(pictures.client);

    await progress.completeIfWhole(picture(renditionNames));
    await progress.fail(picture(), "It is too large.");

    expect(pictures.items()).toEqual([known]);
    expect(pictures.stream).toHaveLength(1);
  });
});

describe("anything else that goes wrong is thrown, for the queue to try again", () => {
  test("an upload that cannot be read", async () => {
    const { deliver, uploads } = media();
    uploads.failing.add(uploadKey(upload()));

    await expect(deliver("web")).rejects.toThrow("SlowDown");
  });

  test("a rendition that cannot be stored, which then is not noted", async () => {
    const { deliver, renditions, picture: now } = media();
    renditions.failing.add(objectOf("web"));

    await expect(deliver("web")).rejects.toThrow("SlowDown");
    expect(now()).toEqual(picture());
  });

  test("a renderer that gives up for another reason than the picture", async () => {
    const { deliver, picture: now } = media();
    draw.mockRejectedValue(new Error("out of memory"));

    await expect(deliver("web")).rejects.toThrow("out of memory");
    expect(now()?.state).toBe("processing");
  });
});

/** Deliveries of each rendition's request, one or more, in any order. */
const deliveries = fc
  .array(fc.constantFrom(...renditionNames), { maxLength: 4 })
  .chain((more) =>
    fc.shuffledSubarray([...renditionNames, ...more], { minLength: renditionNames.length + more.length }),
  );

/** Numbers of the calls whose answer is lost. */
const crashes = fc.uniqueArray(fc.nat({ max: 40 }), { maxLength: 6 });

/** Interrupts the calls of these numbers, after they had their effect. */
function crashing(numbers: readonly number[]) {
  let call = 0;
  return () => {
    call += 1;
    if (numbers.includes(call)) {
      throw new Error("crashed");
    }
  };
}

/** As the queue does: until it is done. */
async function persist(deliver: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await deliver();
      return;
    } catch (error) {
      if (!(error instanceof Error && error.message === "crashed")) {
        throw error;
      }
    }
  }
}

test("in whatever order, however often and interleaved requests come and crash, all end as one picture that is ready", async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, crashes, fc.scheduler(), async (names, lost, scheduler) => {
      const service = media(picture(), {
        turn: () => scheduler.schedule(Promise.resolve()),
        interrupt: crashing(lost),
      });

      await scheduler.waitFor(Promise.all(names.map((name) => persist(() => service.deliver(name)))));

      expect(service.picture()).toMatchObject({
        state: "ready",
        renditions: Object.fromEntries(renditionNames.map((name) => [name, stored(revision, name)])),
      });
      expect(Object.keys(service.picture()?.renditions ?? {})).toHaveLength(3);
      expect(transitions(service.pictures.stream, "ready")).toBe(1);
      expect(service.renditions.keys()).toEqual(renditionNames.map(objectOf).sort());
    }),
  );
});

test("however requests for a picture that is none interleave and crash, it fails once and nothing stays", async () => {
  await fc.assert(
    fc.asyncProperty(
      deliveries,
      fc.constantFrom(...renditionNames),
      crashes,
      fc.scheduler(),
      async (names, bad, lost, scheduler) => {
        draw.mockImplementation(async (_, name) => {
          if (name === bad) {
            throw unusable("damaged", "The picture is damaged.");
          }
          return drawn;
        });
        let isRunning = true;
        const crash = crashing(lost);
        const service = media(picture(), {
          turn: async () => isRunning && scheduler.schedule(Promise.resolve()),
          interrupt: () => isRunning && crash(),
        });

        await scheduler.waitFor(Promise.all(names.map((name) => persist(() => service.deliver(name)))));
        isRunning = false;
        await service.sweep();

        expect(service.picture()).toMatchObject({ state: "failed", reason: "The picture is damaged." });
        expect(transitions(service.pictures.stream, "failed")).toBe(1);
        expect([...service.uploads.keys(), ...service.renditions.keys()]).toEqual([]);
      },
    ),
  );
});
