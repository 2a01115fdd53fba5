import { handlerOf, UnmappedResourceType } from "../../../local/aws";

const aws = { region: "eu-central-1", account: "123456789012" };
const local = { ...aws, endpoint: "http://127.0.0.1:4566" };

test.each([
  ["aws:glue/job:Job", "local/aws/glue.ts"],
  ["aws:cloudwatch/eventConnection:EventConnection", "local/aws/events.ts"],
  ["aws:cloudwatch/logMetricFilter:LogMetricFilter", "local/aws/logs.ts"],
  ["aws:cloudwatch/metricStream:MetricStream", "local/aws/cloudwatch.ts"],
  ["random:index/randomId:RandomId", "aws package only"],
  ["constructor", "aws package only"],
])("%s, which nobody has mapped, is reported with what to do", (type, advice) => {
  // Act
  const ask = () => handlerOf(type);

  // Assess
  expect(ask).toThrow(UnmappedResourceType);
  expect(ask).toThrow(type);
  expect(ask).toThrow(advice);
});

test("every resource has the outputs that all have", () => {
  // Act
  const outputs = handlerOf("aws:sqs/queue:Queue").outputs("id", { name: "q", tags: { a: "1" } }, aws);

  // Assess
  expect(outputs).toMatchObject({
    arn: "arn:aws:sqs:eu-central-1:123456789012:q",
    region: "eu-central-1",
    tagsAll: { a: "1" },
  });
});

test.each([
  ["HTTP", aws, "https://a1.execute-api.eu-central-1.amazonaws.com"],
  ["WEBSOCKET", aws, "wss://a1.execute-api.eu-central-1.amazonaws.com"],
  ["HTTP", local, "http://127.0.0.1:4566/_aws/execute-api/a1"],
  ["WEBSOCKET", local, "ws://127.0.0.1:4566/_aws/execute-api/a1"],
])("an API of protocol %s has the address of its place", (protocolType, place, address) => {
  // Act
  const outputs = handlerOf("aws:apigatewayv2/api:Api").outputs("a1", { protocolType }, place);

  // Assess
  expect(outputs.apiEndpoint).toBe(address);
});

test.each([
  ["$default", "http://127.0.0.1:4566/_aws/execute-api/a1/"],
  ["v1", "http://127.0.0.1:4566/_aws/execute-api/a1/v1"],
])("stage %s has the address of its place", (name, address) => {
  // Act
  const outputs = handlerOf("aws:apigatewayv2/stage:Stage").outputs(name, { apiId: "a1", name }, local);

  // Assess
  expect(outputs.invokeUrl).toBe(address);
});
