import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { streamTarget } from "../../../components/rest-api";
import { evaluate, type TemplateScope } from "../../../local/front-door/rest-template";

const scope = (body: string, more: Partial<TemplateScope> = {}): TemplateScope => ({
  body,
  params: { path: { id: "p" }, querystring: { id: "q", days: "7" }, header: { origin: "https://a.example" } },
  context: { requestId: "r1", identity: { sourceIp: "127.0.0.1" } },
  stageVariables: { color: "blue" },
  ...more,
});

const textOf = (template: string, body = "{}") => evaluate(template, scope(body)).text;

const message =
  `#set($begin = '{"id":"')#set($rest = '","body":')#set($end = '}')#set($body = $input.json('$'))` +
  // biome-ignore lint/suspicious/noTemplateCurlyInString: references of VTL.
  '#set($message = "${begin}${context.requestId}${rest}${body}${end}")';

test("whatever JSON a body is, it arrives as it was, in a form and in base64", () => {
  const special = fc.constantFrom(
    "$context.requestId",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of VTL.
    "${end}",
    "#set($x=1)",
    "##",
    "#*",
    "'",
    '"',
    "\\",
    "&",
    "+",
    "%26",
    "\n",
    "\u2028",
  );
  const text = fc.array(fc.oneof(special, fc.string({ unit: "grapheme" }))).map((parts) => parts.join(""));
  const value = fc.oneof(fc.jsonValue(), fc.dictionary(text, text));
  fc.assert(
    fc.property(value, (sent) => {
      const body = JSON.stringify(sent);
      const expected = JSON.stringify({ id: "r1", body: JSON.parse(body) });
      const form = textOf(`${message}Action=SendMessage&MessageBody=$util.urlEncode($message)`, body);
      const json = textOf(`${message}{"Data":"$util.base64Encode($message)"}`, body);

      expect([...new URLSearchParams(form)]).toEqual([
        ["Action", "SendMessage"],
        ["MessageBody", expected],
      ]);
      expect(Buffer.from(JSON.parse(json).Data, "base64").toString()).toBe(expected);
    }),
  );
});

test("a text of the body is JSON where it is taken as such", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (who) => {
      const { PartitionKey } = JSON.parse(
        textOf(`{"PartitionKey":$input.json('$.who')}`, JSON.stringify({ who })),
      );
      expect(PartitionKey).toBe(who);
    }),
  );
});

test.each([
  ["$input.path('$.a.b')", '{"a":{"b":"c"}}', "c"],
  ["$input.path('$.list[1]')", '{"list":["a","b"]}', "b"],
  ["$input.json('$.none')", "{}", '""'],
  ["$input.path('$.constructor')", "{}", ""],
  ["$input.params('id')", "{}", "p"],
  ["$input.params('days')", "{}", "7"],
  ["$input.params('Origin')", "{}", "https://a.example"],
  ["$input.params('none')", "{}", ""],
  ["$context.identity.sourceIp", "{}", "127.0.0.1"],
  ["$stageVariables.color", "{}", "blue"],
  ["$util.urlDecode('a%20b')", "{}", "a b"],
  ["#if($input.path('$.a').contains('b'))yes#end", '{"a":"abc"}', "yes"],
  ["#if($input.path('$.a').matches('b'))yes#{else}no#end", '{"a":"abc"}', "no"],
  ["$input.path('$.a').replaceAll('[ac]', '-')", '{"a":"abc"}', "-b-"],
  ["$util.escapeJavaScript($input.path('$.a'))", '{"a":"\\"x\\""}', '\\"x\\"'],
])("%s of %s is %s", (template, body, text) => {
  expect(textOf(template, body)).toBe(text);
});

test("a template may set the status and headers of an answer", () => {
  const template =
    '#set($context.responseOverride.status = 503)#set($context.responseOverride.header.Retry-After = "1")x';

  expect(evaluate(template, scope("{}"))).toEqual({
    text: "x",
    override: { status: 503, headers: { "retry-after": "1" } },
  });
  expect(evaluate("x", scope("{}")).override).toEqual({ headers: {} });
});

test.each([
  ["ProvisionedThroughputExceededException", 503, 503],
  ["LimitExceededException", 503, 503],
  ["ValidationException", 413, undefined],
])("a stream that says %s is answered with %i", (type, status, override) => {
  const { refusal } = streamTarget({
    arn: pulumi.output("arn:aws:kinesis:::stream/s"),
    name: pulumi.output("s"),
  });
  const answer = evaluate(refusal, scope(JSON.stringify({ __type: type, message: "a detail" })));

  expect(JSON.parse(answer.text)).toMatchObject({ type: "about:blank", status });
  expect(answer.override.status).toBe(override);
});
