import { type CallPatterns, matcher } from "../../../local/front-door/record-filter";

const CALL = {
  id: "1",
  time: "2026-01-02T00:00:00.000Z",
  durationMs: 1,
  caller: "photos-list",
  kind: "aws",
  service: "dynamodb",
  action: "dynamodb:PutItem",
  resource: "arn:a",
  further: [{ action: "dynamodb:ConditionCheckItem", resource: "arn:b" }],
  status: 400,
  error: "AccessDeniedException",
};

const fits = (patterns: CallPatterns) => matcher(patterns)(CALL);

test.each<CallPatterns>([
  {},
  { caller: "photos-list" },
  { caller: "photos-*", status: 400 },
  { status: "4*" },
  { error: "*" },
  { action: "dynamodb:PutItem", resource: "arn:a" },
  { action: "dynamodb:ConditionCheckItem", resource: "arn:b" },
])("%j fits", (patterns) => {
  expect(fits(patterns)).toBe(true);
});

test.each<CallPatterns>([
  { caller: "photos" },
  { caller: "*list" },
  { status: 40 },
  { role: "*" },
  { kind: "aws", error: "Other" },
  { action: "dynamodb:PutItem", resource: "arn:b" },
])("%j does not", (patterns) => {
  expect(fits(patterns)).toBe(false);
});
