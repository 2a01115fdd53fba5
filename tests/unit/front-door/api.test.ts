import { apiAddress, userPoolPage } from "../../../local/front-door/api";

describe("an API request", () => {
  test.each([
    ["127.0.0.1:4566", "/_aws/execute-api/abc/live/photos/1", "abc", "live", "/photos/1"],
    ["127.0.0.1:4566", "/_aws/execute-api/abc/%24default/photos", "abc", "$default", "/photos"],
    ["127.0.0.1:4566", "/_aws/execute-api/abc/live", "abc", "live", "/"],
    ["127.0.0.1:4566", "/restapis/abc/live/_user_request_/photos", "abc", "live", "/photos"],
    ["abc.execute-api.localhost:4566", "/live/photos/1", "abc", "live", "/photos/1"],
    ["abc.execute-api.eu-west-1.amazonaws.com", "/", "abc", "$default", "/"],
  ])("%s%s", (host, path, apiId, stage, rest) => {
    expect(apiAddress(host, path)).toEqual({ apiId, stage, path: rest });
  });

  test.each(["/", "/_aws/execute-api/abc", "/restapis/abc/stages", "/_aws/lambda-url/abc/x"])(
    "is not %s",
    (path) => {
      expect(apiAddress("127.0.0.1:4566", path)).toBeUndefined();
    },
  );
});

describe("a page of a user pool", () => {
  test.each([
    ["GET", "/login", { action: "Login_GET" }],
    ["POST", "/oauth2/token", { action: "Token_POST" }],
    ["GET", "/oauth2/userInfo", { action: "UserInfo_GET" }],
    ["POST", "/saml2/idpresponse", { action: "Idpresponse_POST" }],
    ["GET", "/eu-west-1_aBc123/.well-known/jwks.json", { action: "Jwks_GET", pool: "eu-west-1_aBc123" }],
  ])("%s %s", (method, path, page) => {
    expect(userPoolPage(method, path)).toEqual(page);
  });

  test.each(["/photos", "/", "/bucket/.well-known/jwks.json", "/login/more"])("is not %s", (path) => {
    expect(userPoolPage("GET", path)).toBeUndefined();
  });
});
