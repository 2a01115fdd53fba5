import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { build } from "../../../components/closure/artefact";
import { bundleAll, bundleFolder } from "../../../components/closure/bundle";
import { sha256 } from "../../../components/closure/cache";
import { capture } from "../../../components/closure/capture";
import { bind } from "../../../components/sdk/bind";
import { tableMethods } from "../../../components/sdk/dynamodb";
import { invoke } from "./invoke";

pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });

const photos = bind(tableMethods, {
  owner: 'table "photos"',
  name: "photos",
  arn: pulumi.output("arn:photos"),
  target: { TableName: pulumi.output("physical") },
});
const readPhoto = async ({ id }: { id: string }) => {
  const { Item } = await photos.GetItem({ Key: { id: { S: id } } });
  return Item;
};

describe("an artefact", () => {
  test("calls AWS with the bound parameters, through one client for all calls of its container", async () => {
    const requests: { target: string; body: unknown }[] = [];
    let connections = 0;
    const server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        requests.push({ target: String(request.headers["x-amz-target"]), body: JSON.parse(body) });
        response.setHeader("content-type", "application/x-amz-json-1.0");
        response.end(JSON.stringify({ Item: { id: { S: "7" } } }));
      });
    });
    server.on("connection", () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const artefact = await build("read", readPhoto);

      const result = await invoke(artefact, [{ id: "1" }, { id: "2" }, { id: "3" }], {
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        PHOTOS_TABLE_NAME: "photos-1234567",
      });

      expect(result).toEqual({ id: { S: "7" } });
      expect(requests).toHaveLength(3);
      expect(requests[2]).toEqual({
        target: "DynamoDB_20120810.GetItem",
        body: { TableName: "photos-1234567", Key: { id: { S: "3" } } },
      });
      // Each client has a connection pool of its own.
      expect(connections).toBe(1);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("runs a factory once per container", async () => {
    const artefact = await build("count", {
      factory: () => {
        let calls = 0;
        return async () => {
          calls += 1;
          return calls;
        };
      },
    });

    expect(await invoke(artefact, [{}, {}, {}])).toBe(3);
  });

  test("has the same bytes each time it is made, alone or among others", async () => {
    const { text } = await capture("read", readPhoto);
    const { text: other } = await capture("hello", async () => "hello");

    const [alone] = await bundleAll([text]);
    const [, among] = await bundleAll([other, text]);

    expect(among?.code).toBe(alone?.code);
    expect((await build("read", readPhoto)).code).toBe(alone?.code);
  });

  test("has no trace of this machine or of the function's name in it", async () => {
    const { code } = await build("a-telling-name", readPhoto);

    expect(code).not.toContain(path.resolve(__dirname, "../../.."));
    expect(code).not.toContain("a-telling-name");
    expect(code).not.toContain("sourceMappingURL");
  });

  test("has its source map apart, kept by the code's hash", async () => {
    const { code } = await build("read", readPhoto);

    const map = fs.readFileSync(path.join(bundleFolder, `${sha256(code)}.js.map`), "utf8");
    expect(JSON.parse(map).sources).toContainEqual(expect.stringMatching(/^callback:/));
  });
});
