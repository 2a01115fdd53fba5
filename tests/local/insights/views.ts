import { randomUUID } from "node:crypto";
import * as http from "node:http";
import type { RunningCloud } from "../local-cloud";

/** An answer of an API. */
export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Body;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** Asks over connections that stay open, as a browser does. */
export function ask<Body = Record<string, unknown>>(
  url: string,
  {
    method = "GET",
    headers = {},
    body,
  }: { method?: string; headers?: http.OutgoingHttpHeaders; body?: unknown } = {},
): Promise<Answer<Body>> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const content =
    text === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, method, headers: { ...content, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const answer = Buffer.concat(chunks).toString();
        const isJson = /json/.test(response.headers["content-type"] ?? "");
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: (isJson && answer !== "" ? JSON.parse(answer) : { text: answer }) as Body,
        });
      });
    });
    request.on("error", reject);
    request.end(text);
  });
}

/** The service `insights` as pages and partners see it. */
export function insightsClient({ outputs }: RunningCloud) {
  const days = (photo: string, query = "") =>
    ask<{ days: { day: string; views: number }[] }>(`${outputs.insightsUrl}photos/${photo}/views${query}`);
  return {
    days,
    /** Views of a photo today, as the database has them. */
    today: async (photo: string): Promise<number> => {
      const { status, body } = await days(photo, "?days=1");
      return status === 200 ? (body.days[0]?.views ?? 0) : 0;
    },
    post: (body: unknown, headers?: http.OutgoingHttpHeaders) =>
      ask<{ id?: string; detail?: string }>(`${outputs.viewsUrl}views`, { method: "POST", body, headers }),
    mostViewed: (query = "") =>
      ask<{ photos: { id: string; title: string; views: number }[] }>(
        `${outputs.insightsUrl}most-viewed${query}`,
      ),
    partner: (key: string | undefined, query = "") =>
      ask<{ photos: { id: string; views: number }[] }>(`${outputs.viewsUrl}partners/most-viewed${query}`, {
        headers: key === undefined ? {} : { "x-api-key": key },
      }),
  };
}

/** Posts so many views, each until it is taken, by so many hands; answers how often it was told to wait. */
export async function flood(
  cloud: RunningCloud,
  photos: readonly string[],
  count: number,
  hands: number,
  onPosted: (posted: number) => void = () => {},
): Promise<{ refused: number; seconds: number }> {
  const { post } = insightsClient(cloud);
  const start = performance.now();
  let begun = 0;
  let posted = 0;
  let refused = 0;
  const hand = async () => {
    while (begun < count) {
      const photo = photos[begun % photos.length];
      begun += 1;
      const view = { photo, id: randomUUID() };
      for (;;) {
        const { status } = await post(view);
        if (status === 202) break;
        if (status !== 429 && status !== 503) throw new Error(`A view was answered with ${status}.`);
        refused += 1;
      }
      posted += 1;
      onPosted(posted);
    }
  };
  await Promise.all(Array.from({ length: hands }, hand));
  return { refused, seconds: (performance.now() - start) / 1000 };
}
