import { Api } from "@pulumi/aws/apigatewayv2/api";
import { Route } from "@pulumi/aws/apigatewayv2/route";
import { websocketAuthorization } from "../../policy/rules/websocket-authorization";
import { given, judgeStack, unknown } from "./judge";

const live = given(Api, "live", { id: "a1b2c3", protocolType: "WEBSOCKET" });
const connect = { apiId: "a1b2c3", routeKey: "$connect" };
const authorized = { authorizationType: "CUSTOM", authorizerId: "d4e5f6" };

describe("websocket-authorization", () => {
  test.each([
    ["by its route", [given(Route, "connect", connect)], "by 'connect'"],
    [
      "by its open route",
      [given(Route, "connect", { ...connect, authorizationType: "NONE" })],
      "by 'connect'",
    ],
    [
      "for lack of a route",
      [given(Route, "default", { apiId: "a1b2c3", routeKey: "$default", ...authorized })],
      "for lack of a $connect route",
    ],
    [
      "for lack of a route of its own",
      [given(Route, "other", { ...connect, apiId: "other", ...authorized })],
      "for lack of a $connect route",
    ],
  ])("refuses an API that lets anybody connect %s", (_, routes, how) => {
    expect(judgeStack(websocketAuthorization, [live, ...routes])).toEqual({
      live: [expect.stringContaining(`'live' lets anybody connect ${how}. Give the API a $connect route`)],
    });
  });

  test("finds the route by dependency in a preview", () => {
    // Prepare
    const planned = given(Api, "live", { id: unknown, protocolType: "WEBSOCKET" });
    const route = given(Route, "connect", { ...connect, apiId: unknown }, { apiId: [planned] });

    // Act
    const messages = judgeStack(websocketAuthorization, [planned, route]);

    // Assess
    expect(messages).toEqual({ live: [expect.stringContaining("by 'connect'")] });
  });

  test.each([
    ["that asks an authorizer", [live, given(Route, "connect", { ...connect, ...authorized })]],
    ["that asks IAM", [live, given(Route, "connect", { ...connect, authorizationType: "AWS_IAM" })]],
    [
      "whose authorization is not known",
      [live, given(Route, "connect", { ...connect, authorizationType: unknown })],
    ],
    [
      "with a route that is not known",
      [live, given(Route, "connect", { apiId: "a1b2c3", routeKey: unknown })],
    ],
    [
      "when it is not known whose route there is",
      [live, given(Route, "connect", { ...connect, apiId: unknown })],
    ],
    ["of a protocol that is not known", [given(Api, "live", { protocolType: unknown })]],
    ["for HTTP, open on purpose", [given(Api, "photos", { protocolType: "HTTP" })]],
  ])("lets an API pass %s", (_, stack) => {
    expect(judgeStack(websocketAuthorization, stack)).toEqual({});
  });

  test("says nothing of an API that is exempt with a reason", () => {
    expect(judgeStack(websocketAuthorization, [live], { exempt: { live: "public results only" } })).toEqual(
      {},
    );
  });
});
