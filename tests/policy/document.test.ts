import { unknownCheckingProxy } from "@pulumi/policy";
import * as fc from "fast-check";
import { documentsIn, trustedServices } from "../../policy/document";
import { unknown } from "./judge";

describe("documentsIn", () => {
  test("reads single values as lists", () => {
    // Prepare
    const policy = { Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/b" } };

    // Act
    const [document] = documentsIn({ policy: JSON.stringify(policy) });

    // Assess
    expect(document).toEqual({
      path: "policy",
      statements: [
        {
          allows: true,
          actions: ["s3:GetObject"],
          resources: ["arn:aws:s3:::a/b"],
          otherResources: [],
          negated: [],
          everybody: false,
          conditions: [],
        },
      ],
    });
  });

  test("tells what a statement is not about", () => {
    // Act
    const [document] = documentsIn({ Statement: { NotAction: "s3:*", NotResource: "arn:aws:s3:::a" } });

    // Assess
    expect(document?.statements).toMatchObject([
      { resources: [], otherResources: ["arn:aws:s3:::a"], negated: ["NotAction", "NotResource"] },
    ]);
  });

  test.each(["*", { AWS: "*" }, { AWS: ["*"] }])("tells whom a statement is about: %j", (Principal) => {
    // Prepare
    const policy = { Statement: [{ Principal }, { Principal: { Service: "*" } }] };

    // Act
    const [document] = documentsIn(policy);

    // Assess
    expect(document?.statements.map(({ everybody }) => everybody)).toEqual([true, false]);
  });

  test("reads each condition apart", () => {
    // Prepare
    const Condition = {
      Bool: { "aws:SecureTransport": false },
      ArnLike: { "aws:SourceArn": ["a", "b"], "aws:PrincipalArn": "c" },
    };

    // Act
    const [document] = documentsIn({ Statement: { Condition } });

    // Assess
    expect(document?.statements[0]?.conditions).toEqual([
      { operator: "Bool", key: "aws:securetransport", values: ["false"] },
      { operator: "ArnLike", key: "aws:sourcearn", values: ["a", "b"] },
      { operator: "ArnLike", key: "aws:principalarn", values: ["c"] },
    ]);
  });

  test("reads what a preview knows beside what it does not", () => {
    // Prepare
    const props = unknownCheckingProxy({
      name: unknown,
      inlinePolicies: [{ policy: unknown }, { policy: '{"Statement":[]}' }],
    });

    // Act
    const documents = documentsIn(props);

    // Assess
    expect(documents.map(({ path }) => path)).toEqual(["inlinePolicies.1.policy"]);
  });

  test("takes whatever properties a resource has", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, text) => {
        expect(() => documentsIn({ value, text: `"Statement"${text}`, Statement: value })).not.toThrow();
      }),
    );
  });
});

describe("trustedServices", () => {
  test("lists the services of every statement", () => {
    // Prepare
    const trust = JSON.stringify({
      Statement: [
        { Principal: { Service: ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] } },
        { Principal: { Service: "events.amazonaws.com" } },
        { Principal: "*" },
      ],
    });

    // Act
    const services = trustedServices(trust);

    // Assess
    expect(services).toEqual(["lambda.amazonaws.com", "edgelambda.amazonaws.com", "events.amazonaws.com"]);
  });
});
