import { DeadLetters } from "../../../../components/dead-letters";
import { Queue } from "../../../../components/queue";
import { queueTarget, RestApi, streamTarget } from "../../../../components/rest-api";
import { Stream } from "../../../../components/stream";
import { Table } from "../../../../components/table";
import { endpoint } from "../../../../handlers/endpoint";
import * as routes from "./routes";

const deadLetters = new DeadLetters("lost");
const stored = new Table("stored", { attributes: { id: "S" }, key: { partition: "id" } });
const notes = new Queue("notes", {
  deadLetters,
  batchSize: 10,
  handler: async ({ body }) => {
    const { id } = JSON.parse(body);
    await stored.sdk.PutItem({ Item: { id: { S: id }, message: { S: body } } });
  },
});
const records = new Stream("records");

const partners = { rate: 100, burst: 100 };
const api = new RestApi("api", {
  throttle: { rate: 500, burst: 500 },
  corsOrigins: ["https://gallery.example", "http://localhost:5173"],
  cache: { sizeGb: "0.5" },
  plans: {
    partners: { throttle: partners, quota: { requests: 8, period: "MONTH" } },
    others: { throttle: { rate: 1, burst: 2 } },
  },
});
api.ingest(routes.postNote, queueTarget(notes));
api.ingest(routes.postLimited, queueTarget(notes), { throttle: { rate: 0.1, burst: 2 } });
api.ingest(routes.postKeyed, queueTarget(notes));
const inVain = api.ingest(routes.postInVain, queueTarget(notes));
api.ingest(routes.postRecord, streamTarget(records, "who"));

/** Answers how often the same was asked of it before. */
const counting = (contract: typeof routes.readTop | typeof routes.readPartnersTop) =>
  endpoint(contract, async ({ path: { album }, query: { days } }) => {
    const { Attributes = {} } = await stored.sdk.UpdateItem({
      Key: { id: { S: `${contract.id} ${album} ${days}` } },
      UpdateExpression: "ADD calls :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
      ReturnValues: "ALL_NEW",
    });
    return { status: 200, body: { album, days, calls: Number(Attributes.calls?.N) } };
  });
api.route(routes.readTop, counting(routes.readTop), { cacheSeconds: 60 });
api.route(routes.readPartnersTop, counting(routes.readPartnersTop), {
  cacheSeconds: 60,
  cacheKeys: ["days"],
});
api.route(
  routes.readQuota,
  endpoint(routes.readQuota, async () => ({ status: 200, body: {} })),
);
api.route(routes.fail, async () => {
  throw new Error("a detail that callers must not see");
});

export const url = api.url;
export const storedTable = stored.name;
export const streamName = records.name;
export const partnersPlan = api.nodes.plans.partners?.id;
export const othersPlan = api.nodes.plans.others?.id;
export const roleInVain = inVain.name;
