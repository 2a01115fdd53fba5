import { awsError } from "../../../local/front-door/aws-error";
import { decodeCbor } from "../../../local/front-door/cbor";
import { headerOf } from "../../../local/front-door/headers";
import { exchangeOf, jsonCall, type Request, signed, textOf } from "./exchange";

const errorFor = async (request: Request) => awsError(await exchangeOf(request), 503, "Down", "a < b & c");

test("JSON", async () => {
  const error = await errorFor(jsonCall("dynamodb", "DynamoDB_20120810.GetItem", {}));

  expect(headerOf(error.headers, "x-amzn-errortype")).toBe("Down");
  expect(JSON.parse(await textOf(error))).toEqual({ __type: "Down", message: "a < b & c" });
});

test("CBOR", async () => {
  const headers = { authorization: signed("monitoring"), "smithy-protocol": "rpc-v2-cbor" };
  const error = await errorFor({ method: "POST", url: "/service/X/operation/Y", headers });

  expect(headerOf(error.headers, "smithy-protocol")).toBe("rpc-v2-cbor");
  expect(decodeCbor((await error.body.whole(1000)) ?? Buffer.alloc(0))).toEqual({
    __type: "Down",
    message: "a < b & c",
  });
});

test("XML of S3", async () => {
  const error = await errorFor({ url: "/b/k", headers: { authorization: signed("s3") } });

  expect(await textOf(error)).toBe("<Error><Code>Down</Code><Message>a &lt; b &amp; c</Message></Error>");
});

test("XML of the Query protocol", async () => {
  const headers = { authorization: signed("sns"), "content-type": "application/x-www-form-urlencoded" };
  const error = await errorFor({ method: "POST", headers, body: "Action=Publish" });

  expect(await textOf(error)).toBe(
    "<ErrorResponse><Error><Type>Receiver</Type><Code>Down</Code><Message>a &lt; b &amp; c</Message></Error></ErrorResponse>",
  );
});

test("an API's message", async () => {
  const error = await errorFor({ url: "/_aws/execute-api/abc/live/photos" });

  expect(await textOf(error)).toBe('{"message":"a < b & c"}');
});
