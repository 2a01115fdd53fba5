import { headerOf } from "../../../local/front-door/headers";
import { answerQuery } from "../../../local/front-door/record-query";
import { textOf } from "./exchange";

const ask = (query: string, method = "GET", find = jest.fn(() => [])) => ({
  find,
  reply: answerQuery(method, new URLSearchParams(query), find),
});

test("hands the filter on and wraps the calls", async () => {
  const { find, reply } = ask("caller=photos-*&status=4*&since=1&limit=7");

  expect(find).toHaveBeenCalledWith({ caller: "photos-*", status: "4*", since: "1", limit: 7 });
  expect(reply.status).toBe(200);
  expect(await textOf(reply)).toBe('{"calls":[]}');
});

test.each([
  ["colour=red", /Unknown parameter "colour".*caller/],
  ["caller=a&caller=b", /"caller" is given more than once/],
  ["limit=0", /"limit" is "0"/],
  ["limit=many", /"limit" is "many"/],
])("%s is a problem", async (query, detail) => {
  const { find, reply } = ask(query);

  expect(reply.status).toBe(400);
  expect(headerOf(reply.headers, "content-type")).toBe("application/problem+json");
  expect(JSON.parse(await textOf(reply)).detail).toMatch(detail);
  expect(find).not.toHaveBeenCalled();
});

test("calls can only be read", () => {
  const { reply } = ask("", "DELETE");

  expect(reply.status).toBe(405);
  expect(headerOf(reply.headers, "allow")).toBe("GET, HEAD");
});
