import { encodeCborTexts } from "./cbor";
import type { Exchange, Reply } from "./interceptor";
import { jsonReply, reply } from "./reply";

/** Services of a REST protocol that answer in XML. */
const XML_SERVICES = new Set(["s3", "cloudfront", "route53"]);

/** An error in the shape that the caller's SDK reads: JSON, CBOR, XML, or an API's plain message. */
export function awsError(
  { call, headers }: Pick<Exchange, "call" | "headers">,
  status: number,
  code: string,
  message: string,
): Reply {
  if (call.api) {
    return jsonReply(status, { message });
  }
  if (headers["smithy-protocol"] === "rpc-v2-cbor") {
    const content = encodeCborTexts({ __type: code, message });
    return reply(status, "application/cbor", content, { "smithy-protocol": "rpc-v2-cbor" });
  }
  const error = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  if (XML_SERVICES.has(call.service)) {
    return reply(status, "application/xml", `<Error>${error}</Error>`);
  }
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    const type = status < 500 ? "Sender" : "Receiver";
    const envelope = `<ErrorResponse><Error><Type>${type}</Type>${error}</Error></ErrorResponse>`;
    return reply(status, "text/xml", envelope);
  }
  return jsonReply(status, { __type: code, message }, { "x-amzn-errortype": code });
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
