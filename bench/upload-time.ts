import { galleryClient, sendForm } from "../tests/local/gallery-client";
import { startCloud } from "../tests/local/local-cloud";
import { signUp } from "../tests/local/sign-in";
import { pictures } from "../tests/pictures";
import { median } from "./median";
import { quiet } from "./quiet";
import type { Section } from "./section";

const singles = 20;
const together = 100;
/** Longest that a picture may take before the measurement is given up. */
const patienceMs = 180_000;

/** From a picture's upload until its owner's browser is told that it is ready. */
export async function uploadTime(): Promise<Section> {
  const made = await pictures();
  const file = made.quarters(1200, 800, ".jpg");
  made.close();
  const cloud = await startCloud([]);
  try {
    const user = await signUp(cloud.address, cloud.outputs.userPoolClientId ?? "", "bench@gallery.example");
    const gallery = galleryClient(cloud, user);
    const { socket } = await gallery.socket();
    const sent = new Map<string, number>();
    const waiting = new Map<string, (ms: number) => void>();
    socket.on("message", (data) => {
      const { photo, state } = JSON.parse(data.toString());
      if (state === "ready") {
        waiting.get(photo)?.(performance.now() - (sent.get(photo) ?? 0));
      }
    });
    const ready = (photo: string) =>
      new Promise<number>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${photo} is not ready in time`)), patienceMs);
        waiting.set(photo, (ms) => {
          clearTimeout(timer);
          resolve(ms);
        });
      });
    const measure = async (photo: string) => {
      const form = await gallery.form(photo);
      const done = ready(photo);
      sent.set(photo, performance.now());
      await sendForm(form, file);
      return done;
    };

    await measure(await gallery.publish("Warm"));
    await quiet();
    const alone: number[] = [];
    for (let run = 0; run < singles; run++) {
      alone.push(await measure(await gallery.publish("Alone")));
    }
    const photos: string[] = [];
    for (let n = 0; n < together; n++) {
      photos.push(await gallery.publish("Together"));
    }
    await quiet();
    const crowd = await Promise.all(photos.map(measure));
    socket.close();
    return {
      title: "From upload to ready",
      method:
        "From the moment a presigned form with a JPEG of 1200 × 800 pixels is sent until the owner's WebSocket says `ready`: S3 event, " +
        "fan-out, three renditions, stream, bus and push, in the local cloud of the stack `dev` (two functions a rendition at a time), everything warm. " +
        `${singles} pictures one after the other, then ${together} at once. No peer: nothing else here does the same.`,
      rows: [
        { figure: "1 picture", measured: quantiles(alone) },
        { figure: `${together} pictures at once`, measured: quantiles(crowd) },
      ],
    };
  } finally {
    await cloud.stop();
  }
}

/** Such as `median 0.41 s, p99 0.72 s`. */
function quantiles(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
  return `median ${(median(times) / 1000).toFixed(2)} s, p99 ${(p99 / 1000).toFixed(2)} s`;
}
