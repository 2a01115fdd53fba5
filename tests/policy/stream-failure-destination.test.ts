import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping";
import { streamFailureDestination } from "../../policy/rules/stream-failure-destination";
import { judge, unknown } from "./judge";

const startingPosition = "LATEST";

describe("stream-failure-destination", () => {
  test.each([{}, { destinationConfig: {} }, { destinationConfig: { onFailure: {} } }])(
    "refuses a stream with %j",
    (props) => {
      expect(judge(streamFailureDestination, EventSourceMapping, { startingPosition, ...props })).toEqual([
        expect.stringMatching(/^'subject' drops the records .* Set destinationConfig\.onFailure/),
      ]);
    },
  );

  test.each([
    {
      startingPosition,
      destinationConfig: { onFailure: { destinationArn: "arn:aws:sqs:eu-west-1:1:dead" } },
    },
    { startingPosition, destinationConfig: { onFailure: { destinationArn: unknown } } },
    { startingPosition, destinationConfig: unknown },
    { startingPosition: unknown },
    { eventSourceArn: "arn:aws:sqs:eu-west-1:1:thumbnails" },
  ])("lets %j pass", (props) => {
    expect(judge(streamFailureDestination, EventSourceMapping, props)).toEqual([]);
  });
});
