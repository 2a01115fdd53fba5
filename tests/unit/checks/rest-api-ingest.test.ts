import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { type IngestTarget, queueTarget, RestApi, streamTarget } from "../../../components/rest-api";
import type { Properties } from "../../../local/engine/resource";
import { evaluate, only } from "../program";
import { arn, policyText, problems, queueArn, resource, role, roleArn } from "./graph-builder";

const queue = queueTarget({ arn: pulumi.output(queueArn("views")) });
const stream = streamTarget(
  { arn: pulumi.output(arn("kinesis", "stream/views")), name: pulumi.output("views") },
  "photo",
);

/** What the block makes of a stored route, with a role that may do what is given. */
async function graphOf(target: IngestTarget, allowed: { Action: string; Resource: string }) {
  const { resources } = await evaluate(() => {
    const api = new RestApi("api", { throttle: { rate: 1, burst: 1 } });
    api.ingest(
      {
        id: "post",
        method: "POST",
        path: "/views",
        summary: "Store",
        access: "anyone",
        // Names that look like parameters of the call, wherever they come.
        body: () => z.strictObject({ photo: z.uuid(), QueueUrl: z.string(), Action: z.string() }),
        responses: {},
      },
      target,
    );
    return {};
  });
  const integration = only({ resources }, "aws:apigateway/integration:Integration", "api-post-integration");
  const inputs: Properties = { ...integration.inputs, restApi: "api", credentials: roleArn("store") };
  return [
    resource("aws:apigateway/restApi:RestApi", "api", {}, { executionArn: arn("execute-api", "api") }),
    resource("aws:sqs/queue:Queue", "views", {}, { arn: queueArn("views"), url: "https://sqs/views" }),
    resource(
      "aws:kinesis/stream:Stream",
      "views",
      {},
      { arn: arn("kinesis", "stream/views"), name: "views" },
    ),
    resource("aws:apigateway/integration:Integration", "store", inputs),
    role("store", "apigateway.amazonaws.com"),
    resource("aws:iam/rolePolicy:RolePolicy", "store-policy", { role: "store", policy: policyText(allowed) }),
  ];
}

test.each<[string, IngestTarget, string, string]>([
  ["a queue", queue, "sqs:SendMessage", queueArn("views")],
  ["a stream", stream, "kinesis:PutRecord", arn("kinesis", "stream/views")],
])("a route that stores in %s needs the one right its role has", async (_what, target, Action, Resource) => {
  expect(problems(await graphOf(target, { Action, Resource }))).toEqual([]);

  const elsewhere = problems(await graphOf(target, { Action, Resource: `${Resource}-other` }));
  expect(elsewhere).toEqual([expect.stringContaining(Action)]);
  const other = problems(await graphOf(target, { Action: "sqs:ReceiveMessage", Resource }));
  expect(other).toEqual([expect.stringContaining(Action)]);
});
