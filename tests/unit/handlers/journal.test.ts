import * as util from "node:util";
import type { EventBridgeEvent } from "aws-lambda";
import { journal } from "../../../handlers/bus/journal";

const event = {
  id: "1",
  source: "gallery.photos",
  "detail-type": "photo.published",
  time: "2026-01-02T03:04:05Z",
  detail: { deep: { down: { here: ["a"] } } },
} as unknown as EventBridgeEvent<string, unknown>;

test("what is logged is the event as fields in JSON, and as one line of JSON on a plain console", async () => {
  const log = jest.spyOn(console, "log").mockImplementation(() => {});

  await journal(event);

  const [logged] = log.mock.calls[0] ?? [];
  log.mockRestore();
  const { "detail-type": type, ...rest } = event;
  expect(JSON.parse(JSON.stringify(logged))).toEqual({ journal: { ...rest, type } });
  expect(JSON.parse(util.inspect(logged))).toEqual({ journal: { ...rest, type } });
});
