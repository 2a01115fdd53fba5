import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { queueTarget, RestApi } from "../../../components/rest-api";

/** A small API with everything that the front door reads of one. */
export function notesApi(): RestApi {
  const api = new RestApi("api", {
    throttle: { rate: 10, burst: 20 },
    cache: { sizeGb: "0.5" },
    corsOrigins: ["https://a.example"],
    plans: { partners: { throttle: { rate: 5, burst: 9 }, quota: { requests: 100, period: "DAY" } } },
  });
  api.ingest(
    {
      id: "postNote",
      method: "POST",
      path: "/notes",
      summary: "Store a note",
      access: "anyone",
      body: () => z.strictObject({ text: z.string() }),
      responses: {},
    },
    queueTarget({ arn: pulumi.output("arn:aws:sqs:eu-west-1:123456789012:notes") }),
    { throttle: { rate: 1, burst: 2 } },
  );
  api.route(
    { id: "readNote", method: "GET", path: "/notes/{id}", summary: "Read", access: "key", responses: {} },
    async () => ({ statusCode: 200 }),
    { cacheSeconds: 60 },
  );
  return api;
}
