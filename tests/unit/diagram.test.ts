import * as fc from "fast-check";
import type { Properties, Resource } from "../../local/engine/resource";
import { patternText } from "../../scripts/diagram/event-pattern";
import { type Graph, type GraphEdge, graphOf } from "../../scripts/diagram/graph";
import { kindOf } from "../../scripts/diagram/kinds";
import { layOut } from "../../scripts/diagram/layout";
import type { LinkKind } from "../../scripts/diagram/links";
import { type Box, metrics, type Picture, type PlacedNode, type Point } from "../../scripts/diagram/picture";
import { ResourceIndex } from "../../scripts/diagram/resource-index";
import { invented } from "../../scripts/diagram/resources";
import { captionOf, descriptionOf } from "../../scripts/diagram/summary";
import { svgOf } from "../../scripts/diagram/svg";
import { shortened, widthOf } from "../../scripts/diagram/text";

const types = {
  api: "aws:apigatewayv2/api:Api",
  authorizer: "aws:apigatewayv2/authorizer:Authorizer",
  bucket: "aws:s3/bucket:Bucket",
  bus: "aws:cloudwatch/eventBus:EventBus",
  distribution: "aws:cloudfront/distribution:Distribution",
  function: "aws:lambda/function:Function",
  integration: "aws:apigatewayv2/integration:Integration",
  invokeConfig: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  mapping: "aws:lambda/eventSourceMapping:EventSourceMapping",
  notification: "aws:s3/bucketNotification:BucketNotification",
  permission: "aws:lambda/permission:Permission",
  policy: "aws:iam/rolePolicy:RolePolicy",
  queue: "aws:sqs/queue:Queue",
  role: "aws:iam/role:Role",
  route: "aws:apigatewayv2/route:Route",
  rule: "aws:cloudwatch/eventRule:EventRule",
  schedule: "aws:scheduler/schedule:Schedule",
  service: "gallery:service:Photos",
  stack: "pulumi:pulumi:Stack",
  stage: "aws:apigatewayv2/stage:Stage",
  stateMachine: "aws:sfn/stateMachine:StateMachine",
  subscription: "aws:sns/topicSubscription:TopicSubscription",
  table: "aws:dynamodb/table:Table",
  target: "aws:cloudwatch/eventTarget:EventTarget",
  topic: "aws:sns/topic:Topic",
  userPool: "aws:cognito/userPool:UserPool",
  userPoolClient: "aws:cognito/userPoolClient:UserPoolClient",
};
type Type = keyof typeof types;

interface MadeOptions {
  readonly parent?: Resource;
  /** Property → the resources its value comes from. */
  readonly from?: Readonly<Record<string, readonly Resource[]>>;
}

function made(type: Type, name: string, inputs: Properties = {}, { parent, from = {} }: MadeOptions = {}) {
  return invented(
    {
      urn: `urn:${parent?.name ?? ""}:${types[type]}::${name}`,
      type: types[type],
      name,
      custom: types[type].startsWith("aws:"),
      parent: parent?.urn,
      dependencies: [],
      propertyDependencies: Object.fromEntries(
        Object.entries(from).map(([property, resources]) => [property, resources.map(({ urn }) => urn)]),
      ),
      inputs,
      protect: false,
    },
    "eu-west-1",
  );
}

const arn = ({ outputs }: Resource) => String(outputs.arn);

/** A policy for the role, one statement per resource: ARN → actions. */
function policyFor(role: Resource, statements: Readonly<Record<string, readonly string[]>>): Resource {
  const Statement = Object.entries(statements).map(([Resource, Action]) => ({
    Effect: "Allow",
    Action,
    Resource,
  }));
  return made("policy", `${role.name}-policy`, { role: role.name, policy: JSON.stringify({ Statement }) });
}

/** Edges as text, such as `photos-api invoke→ publish: POST /photos`, sorted. */
function edgesOf(resources: readonly Resource[]): string[] {
  const { nodes, edges } = graphOf(resources);
  const nameOf = (id: string) => nodes.find((node) => node.id === id)?.name;
  const text = edges.map(
    ({ from, to, kind, labels }) =>
      `${nameOf(from)} ${kind}→ ${nameOf(to)}${labels.length > 0 ? `: ${labels.join(", ")}` : ""}`,
  );
  return text.sort();
}

describe("edges", () => {
  const fn = made("function", "work");
  const queue = made("queue", "work-failed");
  const table = made("table", "photos");
  const topic = made("topic", "arrived");
  const api = made("api", "api");

  test("a route invokes the function of its integration", () => {
    const integration = made("integration", "i", { apiId: api.id, integrationUri: arn(fn) });
    const route = { apiId: api.id, routeKey: "POST /photos", target: `integrations/${integration.id}` };

    const edges = edgesOf([api, fn, integration, made("route", "r", route)]);

    expect(edges).toEqual(["api invoke→ work: POST /photos"]);
  });

  test("a route is for the signed in only when it has an authorizer", () => {
    const integration = made("integration", "i", { apiId: api.id, integrationUri: arn(fn) });
    const route = { apiId: api.id, routeKey: "POST /photos", target: `integrations/${integration.id}` };
    const signedInWith = (authorizationType: string) =>
      graphOf([api, fn, integration, made("route", "r", { ...route, authorizationType })]).edges.map(
        ({ signedIn }) => signedIn,
      );

    const answers = [signedInWith("JWT"), signedInWith("NONE")];

    expect(answers).toEqual([[true], [false]]);
  });

  test("a route may hand requests to a queue without a function", () => {
    const integration = made("integration", "i", {
      apiId: api.id,
      integrationSubtype: "SQS-SendMessage",
      requestParameters: { QueueUrl: queue.outputs.url, MessageBody: "$request.body" },
    });
    const route = { apiId: api.id, routeKey: "POST /views", target: `integrations/${integration.id}` };

    const edges = edgesOf([api, queue, integration, made("route", "r", route)]);

    expect(edges).toEqual(["api invoke→ work-failed: POST /views"]);
  });

  test("an API accepts the tokens of the user pool behind its authorizer", () => {
    const pool = made("userPool", "users");
    const client = made("userPoolClient", "web", { userPoolId: pool.id });
    const authorizer = made(
      "authorizer",
      "jwt",
      { apiId: api.id },
      { from: { jwtConfiguration: [pool, client] } },
    );

    const edges = edgesOf([api, pool, client, authorizer]);

    expect(edges).toEqual(["users trust→ api"]);
  });

  test("a user pool invokes the functions of its triggers", () => {
    const pool = made("userPool", "users", { lambdaConfig: { postConfirmation: arn(fn) } });

    const edges = edgesOf([pool, fn]);

    expect(edges).toEqual(["users invoke→ work: post confirmation"]);
  });

  test("a bus invokes the target of a rule with what matches; what fails goes to the queue", () => {
    const bus = made("bus", "gallery");
    const pattern = { source: ["gallery.photos"], "detail-type": ["photo.published"] };
    const rule = made("rule", "rule", { eventBusName: "gallery", eventPattern: JSON.stringify(pattern) });
    const target = { rule: "rule", arn: arn(fn), deadLetterConfig: { arn: arn(queue) } };

    const edges = edgesOf([bus, rule, fn, queue, made("target", "t", target)]);

    expect(edges).toEqual(["gallery invoke→ work: photo.published", "work failure→ work-failed"]);
  });

  test("a rule of a bus that is not the program's stands for it", () => {
    const rule = made("rule", "nightly", { scheduleExpression: "rate(1 day)" });

    const edges = edgesOf([rule, fn, made("target", "t", { rule: "nightly", arn: arn(fn) })]);

    expect(edges).toEqual(["nightly invoke→ work: rate(1 day)"]);
  });

  test("a schedule invokes its target", () => {
    const target = { arn: arn(fn), deadLetterConfig: { arn: arn(queue) } };
    const schedule = made("schedule", "nightly", { scheduleExpression: "rate(1 day)", target });

    const edges = edgesOf([schedule, fn, queue]);

    expect(edges).toEqual(["nightly invoke→ work: rate(1 day)", "work failure→ work-failed"]);
  });

  test("a stream invokes the function; what fails goes to the queue", () => {
    const mapping = made("mapping", "m", {
      eventSourceArn: table.outputs.streamArn,
      functionName: arn(fn),
      destinationConfig: { onFailure: { destinationArn: arn(queue) } },
    });

    const edges = edgesOf([table, fn, queue, mapping]);

    expect(edges).toEqual(["photos invoke→ work: stream", "work failure→ work-failed"]);
  });

  test("what becomes of an asynchronous invocation", () => {
    const config = made("invokeConfig", "c", {
      functionName: "work",
      destinationConfig: { onSuccess: { destination: arn(topic) }, onFailure: { destination: arn(queue) } },
    });

    const edges = edgesOf([fn, topic, queue, config]);

    expect(edges).toEqual(["work failure→ work-failed", "work invoke→ arrived: on success"]);
  });

  test("a topic hands on to a queue, which hands on to a function and to its dead-letter queue", () => {
    const source = made("queue", "web", {
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn(queue) }),
    });
    const subscription = made("subscription", "s", { topic: arn(topic), endpoint: arn(source) });
    const mapping = made("mapping", "m", { eventSourceArn: arn(source), functionName: "work" });

    const edges = edgesOf([topic, source, queue, fn, subscription, mapping]);

    expect(edges).toEqual(["arrived invoke→ web", "web failure→ work-failed", "web invoke→ work"]);
  });

  test("a bucket tells of its objects", () => {
    const bucket = made("bucket", "uploads");
    const notification = made("notification", "n", {
      bucket: bucket.id,
      lambdaFunctions: [{ lambdaFunctionArn: arn(fn), events: ["s3:ObjectCreated:*"] }],
    });

    const edges = edgesOf([bucket, fn, notification]);

    expect(edges).toEqual(["uploads invoke→ work: ObjectCreated"]);
  });

  test("a distribution hands on to the API behind a stage", () => {
    const stage = made("stage", "stage", { apiId: api.id });
    const distribution = made("distribution", "site", {}, { from: { origins: [stage] } });

    const edges = edgesOf([api, stage, distribution]);

    expect(edges).toEqual(["site invoke→ api"]);
  });

  test("a permission tells of an invocation that nothing else tells of", () => {
    const permission = made("permission", "p", { function: "work", sourceArn: arn(topic) });

    const edges = edgesOf([topic, fn, permission]);

    expect(edges).toEqual(["arrived invoke→ work"]);
  });
});

describe("grants", () => {
  const role = made("role", "work-role");
  const fn = made("function", "work", { role: arn(role) });
  const table = made("table", "photos");
  const queue = made("queue", "work-failed");

  test("a function may call what its role allows, parts of a resource included", () => {
    const policy = policyFor(role, {
      [arn(table)]: ["dynamodb:PutItem", "dynamodb:GetItem"],
      [`${arn(table)}/index/byTime`]: ["dynamodb:Query"],
    });

    const edges = edgesOf([role, fn, table, policy]);

    expect(edges).toEqual(["work call→ photos: GetItem, PutItem, Query"]);
  });

  test("rights on what is not drawn are left out", () => {
    const policy = policyFor(role, { "*": ["xray:PutTraceSegments"], "arn:aws:logs:x:y:z": ["logs:Put"] });

    const edges = edgesOf([role, fn, table, policy]);

    expect(edges).toEqual([]);
  });

  test("rights that only carry out an edge are left out", () => {
    const mapping = made("mapping", "m", {
      eventSourceArn: table.outputs.streamArn,
      functionName: "work",
      destinationConfig: { onFailure: { destinationArn: arn(queue) } },
    });
    const policy = policyFor(role, {
      [String(table.outputs.streamArn)]: ["dynamodb:GetRecords", "dynamodb:ListStreams"],
      [arn(queue)]: ["sqs:SendMessage"],
    });

    const edges = edgesOf([role, fn, table, queue, mapping, policy]);

    expect(edges).toEqual(["photos invoke→ work: stream", "work failure→ work-failed"]);
  });

  test("a state machine whose role may invoke a function does", () => {
    const machine = made("stateMachine", "campaign", { roleArn: arn(role) });
    const step = made("function", "step");
    const policy = policyFor(role, { [arn(step)]: ["lambda:InvokeFunction"] });

    const edges = edgesOf([role, machine, step, policy]);

    expect(edges).toEqual(["campaign invoke→ step"]);
  });
});

describe("nodes and groups", () => {
  const stack = made("stack", "gallery-dev");
  const service = made("service", "photos", {}, { parent: stack });
  const inner = made("service", "photos-api", {}, { parent: service });

  test("a node is in the group of its outermost component, without what names already say", () => {
    const fn = made("function", "photos-api-publish", {}, { parent: inner });
    const table = made("table", "photos", {}, { parent: service });

    const { nodes, groups } = graphOf([stack, service, inner, fn, table]);

    expect(nodes.map(({ label, group }) => [label, group])).toEqual([
      ["photos", service.urn],
      ["publish", service.urn],
    ]);
    expect(groups).toEqual([{ id: service.urn, label: "photos", area: "service" }]);
  });

  test("glue is not drawn", () => {
    const glue = (["role", "permission", "stage", "mapping", "policy"] as const).map((type) =>
      made(type, type),
    );

    const { nodes } = graphOf(glue);

    expect(nodes).toEqual([]);
  });

  test("an API of the protocol WebSocket is called so", () => {
    const socket = made("api", "live", { protocolType: "WEBSOCKET" });

    const kind = kindOf(socket, new ResourceIndex([socket]));

    expect(kind?.label).toBe("WebSocket API");
  });
});

test.each([
  [
    { source: ["gallery.photos"], "detail-type": ["photo.published", "photo.changed"] },
    "photo.published, photo.changed",
  ],
  [{ source: [{ prefix: "gallery." }] }, "gallery.*"],
  [{ "detail-type": [{ suffix: ".failed" }, { wildcard: "a*b" }] }, "*.failed, a*b"],
  [{ "detail-type": [{ "anything-but": ["photo.removed"] }] }, "not photo.removed"],
  [{ "detail-type": [{ exists: true }] }, '{"exists":true}'],
  [{ "detail-type": ["photo.published"], detail: { owner: ["ann"] } }, "photo.published, some"],
  [{ account: ["1"] }, "every event"],
  [
    {
      $or: [
        { source: ["a"], "detail-type": ["a.x", "a.y"] },
        { source: ["b"], "detail-type": ["b.z"] },
      ],
    },
    "a.x, a.y, b.z",
  ],
])("event pattern %j in words", (pattern, words) => {
  expect(patternText(JSON.stringify(pattern))).toBe(words);
});

describe("text", () => {
  const font = { size: 10 };

  test("a text that fits stays; a longer one ends in an ellipsis and fits", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 10, max: 300 }), (text, width) => {
        const result = shortened(text, width, font);

        expect(widthOf(result, font)).toBeLessThanOrEqual(width);
        expect(result === text || result.endsWith("…")).toBe(true);
      }),
    );
  });
});

/** Any graph: functions, tables, queues, APIs and buses in groups, with any edges. */
const graphs: fc.Arbitrary<Graph> = fc
  .record({
    nodes: fc.array(
      fc.record({
        type: fc.constantFrom<Type>("function", "function", "function", "table", "queue", "api", "bus"),
        group: fc.integer({ min: 0, max: 3 }),
        label: fc.string({ minLength: 1, maxLength: 40 }),
      }),
      { minLength: 1, maxLength: 14 },
    ),
    edges: fc.array(
      fc.record({
        from: fc.nat(),
        to: fc.nat(),
        kind: fc.constantFrom<LinkKind>("invoke", "call", "failure", "trust"),
        labels: fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 6 }),
        signedIn: fc.boolean(),
      }),
      { maxLength: 16 },
    ),
  })
  .map(({ nodes: drawn, edges }) => {
    const nodes = drawn.flatMap(({ type, group, label }, i) => {
      const resource = made(type, `n${i}`);
      const kind = kindOf(resource, new ResourceIndex([resource]));
      return kind ? [{ id: resource.urn, name: resource.name, label, kind, group: `g${group}` }] : [];
    });
    const idAt = (i: number) => nodes[i % nodes.length]?.id ?? "";
    const unique = new Map(
      edges
        .map((edge): GraphEdge => ({ ...edge, from: idAt(edge.from), to: idAt(edge.to) }))
        .filter(({ from, to }) => from !== to)
        .map((edge) => [JSON.stringify([edge.from, edge.to, edge.kind]), edge]),
    );
    const groups = [...new Set(nodes.map(({ group }) => group))].sort();
    return {
      nodes,
      edges: [...unique.values()],
      groups: groups.map((id) => ({ id, label: `group ${id}`, area: "service" })),
    };
  });

/** Checks a property of the pictures of many graphs. */
const ofPictures = (check: (picture: Picture, graph: Graph) => void) =>
  fc.assert(
    fc.asyncProperty(graphs, async (graph) => check(await layOut(graph), graph)),
    { numRuns: 15 },
  );

const tolerance = 0.01;
const within = (inner: Box, outer: Box) =>
  inner.x >= outer.x - tolerance &&
  inner.y >= outer.y - tolerance &&
  inner.x + inner.width <= outer.x + outer.width + tolerance &&
  inner.y + inner.height <= outer.y + outer.height + tolerance;
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width - tolerance &&
  b.x < a.x + a.width - tolerance &&
  a.y < b.y + b.height - tolerance &&
  b.y < a.y + a.height - tolerance;
const pairs = <T>(all: readonly T[]) => all.flatMap((a, i) => all.slice(i + 1).map((b) => [a, b] as const));
const boxOf = (a: Point, b: Point): Box => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});

function touches(node: PlacedNode | undefined, point: Point | undefined): boolean {
  if (!node || !point) {
    return false;
  }
  if (node.shape === "rail") {
    const { left, right, thickness, top, bottom } = node.rail;
    const isAtSide = [left + thickness, right - thickness].some((x) => Math.abs(x - point.x) < tolerance);
    return isAtSide && point.y > top && point.y < bottom - thickness;
  }
  const isOn = (at: number, from: number, length: number) =>
    Math.abs(at - from) < tolerance || Math.abs(at - from - length) < tolerance;
  return (
    within({ ...point, width: 0, height: 0 }, node) &&
    (isOn(point.x, node.x, node.width) || isOn(point.y, node.y, node.height))
  );
}

describe("layout of any graph", () => {
  test("every node is drawn once, inside its group, inside the picture", () =>
    ofPictures(({ nodes, groups, width, height }, graph) => {
      expect(nodes.map(({ node }) => node.id).sort()).toEqual(graph.nodes.map(({ id }) => id).sort());
      const whole = { x: 0, y: 0, width, height };
      for (const placed of nodes.filter(({ shape }) => shape !== "rail")) {
        const group = groups.find((each) => each.group.id === placed.node.group);
        expect(group && within(placed, group) && within(group, whole)).toBe(true);
      }
    }));

  test("no two boxes overlap", () =>
    ofPictures(({ nodes, groups, edges }) => {
      const boxes = nodes.filter(({ shape }) => shape !== "rail");
      const labels = edges.flatMap(({ label }) => label ?? []);
      expect(pairs(groups).filter(([a, b]) => overlap(a, b))).toEqual([]);
      expect(pairs(boxes).filter(([a, b]) => overlap(a, b))).toEqual([]);
      expect(labels.filter((label) => boxes.some((box) => overlap(box, label)))).toEqual([]);
    }));

  test("every edge goes in right angles from its node to the other", () =>
    ofPictures(({ nodes, edges }, graph) => {
      expect(edges).toHaveLength(graph.edges.length);
      for (const { edge, points } of edges) {
        const [from, to] = [edge.from, edge.to].map((id) => nodes.find(({ node }) => node.id === id));
        expect(touches(from, points[0]) && touches(to, points.at(-1))).toBe(true);
        expect(
          points.slice(1).every(({ x, y }, i) => {
            const before = points[i];
            return before && (Math.abs(before.x - x) < tolerance || Math.abs(before.y - y) < tolerance);
          }),
        ).toBe(true);
      }
    }));

  test("no edge passes through a card", () =>
    ofPictures(({ nodes, edges }) => {
      const cards = nodes.filter(({ shape }) => shape === "card");
      const through = edges.flatMap(({ points }) =>
        points.slice(1).filter((point, i) => {
          const line = boxOf(points[i] ?? point, point);
          return cards.some((box) => overlap(box, line));
        }),
      );
      expect(through).toEqual([]);
    }));

  test("every text fits its box", () =>
    ofPictures(({ nodes, edges }) => {
      const { card, chip, label: labelMetrics } = metrics;
      for (const placed of nodes) {
        if (placed.shape === "card") {
          const room = placed.width - card.inset - card.icon - 8;
          expect(widthOf(placed.title, card.title)).toBeLessThanOrEqual(room);
          const lock = placed.signedIn ? card.lock : 0;
          expect(lock + widthOf(placed.detail, card.detail)).toBeLessThanOrEqual(room);
        } else if (placed.shape === "chip") {
          expect(widthOf(placed.title, chip.font)).toBeLessThanOrEqual(placed.width - chip.inset);
        } else {
          expect(widthOf(placed.title, metrics.rail.font)).toBeLessThanOrEqual(placed.width);
        }
      }
      for (const { label } of edges) {
        for (const line of label?.lines ?? []) {
          expect(widthOf(line, labelMetrics.font)).toBeLessThanOrEqual(label?.width ?? 0);
        }
      }
    }));
});

/** The names of a document's elements; throws where it is not well-formed. */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const all: string[] = [];
  const rest = xml.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)(\/?)>/g,
    (_, end: string, name: string, _attributes: string, empty: string) => {
      if (end && open.pop() !== name) {
        throw new Error(`</${name}> closes another element`);
      }
      if (!end) {
        all.push(name);
        open.push(...(empty ? [] : [name]));
      }
      return "";
    },
  );
  if (open.length > 0 || /[<>]|&(?!(amp|lt|gt|quot);)/.test(rest)) {
    throw new Error(`not well-formed: ${[...open, rest.slice(0, 80)].join(" ")}`);
  }
  return all;
}

describe("SVG", () => {
  const drawn = async (graph: Graph) =>
    svgOf(await layOut(graph), {
      title: 'A "title" & <more>',
      caption: captionOf(graph),
      description: descriptionOf(graph),
    });

  test("is well-formed, whatever the texts", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const elements = elementsOf(await drawn(graph));

        expect(elements[0]).toBe("svg");
      }),
      { numRuns: 15 },
    );
  });

  const stack = made("stack", "gallery-dev");
  const service = made("service", "photos", {}, { parent: stack });
  const bus = made("bus", "gallery", {}, { parent: stack });
  const rule = made("rule", "rule", { eventBusName: "gallery" });
  const functions = ["announce", "index", "journal"].map((name) =>
    made("function", `photos-${name}`, {}, { parent: service }),
  );
  const targets = functions.map((fn) => made("target", fn.name, { rule: "rule", arn: arn(fn) }));
  const resources = [stack, service, bus, rule, ...functions, ...targets];

  test("shows every function, and says what it shows", async () => {
    const svg = await drawn(graphOf(resources));

    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="title description"/);
    expect(svg).toContain('<title id="title">A &quot;title&quot; &amp; &lt;more&gt;</title>');
    expect(svg).toContain("photos service: Lambda functions announce, index, journal.");
    for (const { name } of functions) {
      expect(svg).toContain(`<title>${name}: Lambda function</title>`);
    }
  });

  test("its caption counts the most frequent kinds", () => {
    const some = (["table", "topic", "bucket", "schedule"] as const).map((type) => made(type, type));

    const caption = captionOf(graphOf([...resources, ...some]));

    expect(caption).toBe(
      "3 Lambda functions, 1 DynamoDB table, 1 EventBridge bus, 1 S3 bucket, 2 other resources: drawn from the program itself",
    );
  });

  test("has the same bytes in whatever order the program registers its resources", async () => {
    const first = await drawn(graphOf(resources));
    const second = await drawn(graphOf([...resources].reverse()));

    expect(second).toBe(first);
  });

  test("fetches nothing", async () => {
    const svg = await drawn(graphOf(resources));

    expect(svg.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
    expect(svg).not.toMatch(/<(image|script|style|foreignObject)/);
  });
});
