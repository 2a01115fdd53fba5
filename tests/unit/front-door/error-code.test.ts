import { encodeCborTexts } from "../../../local/front-door/cbor";
import { errorCodeOf } from "../../../local/front-door/error-code";
import { jsonReply, reply } from "../../../local/front-door/reply";

test.each([
  [
    "header",
    jsonReply(400, {}, { "x-amzn-errortype": "AccessDeniedException:http://x/" }),
    "AccessDeniedException",
  ],
  ["JSON with a namespace", jsonReply(400, { __type: "com.amazon.x#Throttled" }), "Throttled"],
  ["JSON code", jsonReply(400, { code: "NotFound" }), "NotFound"],
  ["XML", reply(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>"), "AccessDenied"],
  ["CBOR", reply(400, "application/cbor", encodeCborTexts({ __type: "a.b#Missing" })), "Missing"],
  ["JSON without a code", jsonReply(400, { message: "no" }), undefined],
  ["text", reply(500, "text/plain", "no"), undefined],
  ["nothing", reply(404, "application/xml", ""), undefined],
  ["success", jsonReply(200, { __type: "NotAnError" }), undefined],
])("%s", async (_shape, answer, code) => {
  expect(await errorCodeOf(answer)).toBe(code);
});
