import * as pulumi from "@pulumi/pulumi";
import { statementsOf } from "../../../local/checks/document";
import { evaluate, type Request, type Verdict } from "../../../local/checks/policy";

const unknown: unknown = pulumi.runtime.deserializeProperty(pulumi.runtime.unknownValue, true);
const queue = "arn:aws:sqs:eu-west-1:000000000000:failed";
const rule = "arn:aws:events:eu-west-1:000000000000:rule/gallery/uploads";

const request: Request = {
  action: "sqs:SendMessage",
  resource: queue,
  principal: "events.amazonaws.com",
  context: { "aws:sourcearn": rule, "aws:sourceaccount": "000000000000" },
};

/** Decides the request by documents, each named after its place. */
function decide(...documents: readonly unknown[]): Verdict {
  const sources = documents.flatMap((document, index) =>
    statementsOf(document).map((statement) => ({ name: `policy ${index + 1}`, statement })),
  );
  return evaluate(sources, request);
}

const allow = { Effect: "Allow", Action: "sqs:SendMessage", Resource: queue };
const allowed = (statement: object) => decide({ Statement: { ...allow, ...statement } }).allowed;

describe("actions, resources and principals", () => {
  test.each([
    ["the same", {}, true],
    ["lists", { Action: ["sqs:ReceiveMessage", "sqs:SendMessage"], Resource: ["*"] }, true],
    ["another case and wildcards of the action", { Action: "SQS:send*" }, true],
    ["another action", { Action: "sqs:ReceiveMessage" }, false],
    ["another resource", { Resource: `${queue}-other` }, false],
    ["no resource, as in a resource's own policy", { Resource: undefined }, true],
    ["everything but the action", { Action: undefined, NotAction: "sqs:Send*" }, false],
    ["everything but another action", { Action: undefined, NotAction: "sqs:Receive*" }, true],
    ["everything but the resource", { NotResource: queue }, false],
    ["everything but another resource", { NotResource: `${queue}-other` }, true],
    ["the service", { Principal: { Service: ["sns.amazonaws.com", "events.amazonaws.com"] } }, true],
    ["the service in one Region", { Principal: { Service: "events.eu-west-1.amazonaws.com" } }, true],
    ["another service", { Principal: { Service: "sns.amazonaws.com" } }, false],
    ["everybody", { Principal: "*" }, true],
    ["everybody in the older form", { Principal: { AWS: "*" } }, true],
  ])("%s", (_, statement, expected) => {
    expect(allowed(statement)).toBe(expected);
  });
});

describe("conditions", () => {
  test.each([
    ["ArnEquals", "aws:SourceArn", rule, true],
    ["ArnEquals", "AWS:SourceArn", "arn:aws:events:*:*:rule/gallery/*", true],
    ["ArnLike", "aws:SourceArn", [`${rule}-other`, rule], true],
    ["ArnLike", "aws:SourceArn", `${rule}-other`, false],
    ["ArnNotLike", "aws:SourceArn", `${rule}-other`, true],
    ["ArnNotEquals", "aws:SourceArn", rule, false],
    ["StringEquals", "aws:SourceAccount", "000000000000", true],
    ["StringEquals", "aws:SourceAccount", "0*", false],
    ["StringLike", "aws:SourceArn", "arn:*/uploads", true],
    ["StringNotEquals", "aws:SourceAccount", "000000000000", false],
    ["StringEqualsIgnoreCase", "aws:SourceArn", rule.toUpperCase(), true],
    ["StringLikeIfExists", "aws:SourceAccount", "000*", true],
    ["StringEquals", "aws:PrincipalOrgID", "o-1", false],
    ["DateGreaterThan", "aws:SourceArn", rule, false],
  ])("%s %s %s", (operator, key, value, expected) => {
    expect(allowed({ Condition: { [operator]: { [key]: value } } })).toBe(expected);
  });

  test("all must hold", () => {
    const Condition = {
      ArnEquals: { "aws:SourceArn": rule },
      StringEquals: { "aws:SourceAccount": "111111111111" },
    };

    expect(allowed({ Condition })).toBe(false);
  });

  test("what misses by a condition is told, and whether it can be judged", () => {
    const other = { ...allow, Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:*:*:rule/other" } } };
    const strange = { ...allow, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } };

    const { nearMisses } = decide({ Statement: other }, { Statement: strange });

    expect(nearMisses.map(({ name, conditions: [unmet] }) => [name, unmet?.actual])).toEqual([
      ["policy 1", rule],
      ["policy 2", undefined],
    ]);
  });
});

describe("deny", () => {
  const deny = { ...allow, Effect: "Deny" };

  test("wins over allow and tells where it stands", () => {
    expect(decide({ Statement: allow }, { Statement: deny })).toMatchObject({
      allowed: false,
      denials: ["policy 2"],
    });
  });

  test("has no effect under a condition that does not hold or cannot be judged", () => {
    const elsewhere = { ...deny, Condition: { StringNotEquals: { "aws:SourceAccount": "000000000000" } } };
    const strange = { ...deny, Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } } };

    expect(decide({ Statement: [allow, elsewhere, strange] }).allowed).toBe(true);
  });
});

describe("documents", () => {
  test("are JSON text or objects", () => {
    expect(decide(JSON.stringify({ Statement: [allow] })).allowed).toBe(true);
  });

  test.each([["no JSON"], [""], ["null"], [undefined], [{}]])("%j allows nothing", (document) => {
    expect(decide(document).allowed).toBe(false);
  });

  test.each([
    ["the document", unknown],
    ["all statements", { Statement: unknown }],
    ["a statement", { Statement: [unknown] }],
    ["an action", { Statement: { ...allow, Action: unknown } }],
    ["a resource", { Statement: { ...allow, Resource: [unknown] } }],
    ["a principal", { Statement: { ...allow, Principal: unknown } }],
    ["a service", { Statement: { ...allow, Principal: { Service: unknown } } }],
    ["a condition", { Statement: { ...allow, Condition: { ArnEquals: { "aws:SourceArn": unknown } } } }],
    ["an operator", { Statement: { ...allow, Condition: { ArnEquals: unknown } } }],
    ["all conditions", { Statement: { ...allow, Condition: unknown } }],
    ["what is denied", { Statement: [allow, { ...allow, Effect: "Deny", Resource: unknown }] }],
  ])("%s may be what is needed while the plan does not know it", (_, document) => {
    expect(decide(document).allowed).toBe(true);
  });
});
