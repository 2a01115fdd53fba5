import type { IncomingHttpHeaders } from "node:http";
import type { Body } from "./body";
import { decodeCbor } from "./cbor";
import type { Credential } from "./credential";
import { type Fields, fill } from "./fields";
import { Routes } from "./routes";
import { FORM_BEGINNING_BYTES, formField, isFormUpload, s3Action, s3Address, s3Arn } from "./s3";
import { type ServiceTable, serviceTable } from "./services";

/** The part of a request that names its operation, beside the body. */
export interface Head {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** An action on a resource: what a policy allows or not. */
export interface Ask {
  /** IAM style, `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN, or the name where no ARN can be known; `*` when the request names none. */
  readonly resource: string;
}

/** Largest request DynamoDB takes ("Quotas in Amazon DynamoDB"), more than any other service's JSON. */
const LARGEST_BODY_BYTES = 16 * 1024 * 1024;

/** A REST body is read for a name only; what is longer carries code or data. */
const LARGEST_REST_BODY_BYTES = 1024 * 1024;

/** What an AWS call asks for, by its protocol and the service's table; never empty. */
export async function asksOf(
  head: Head,
  body: Body,
  { service, region = "us-east-1" }: Pick<Credential, "service" | "region">,
  account: string,
): Promise<Ask[]> {
  if (service === "s3") {
    return [await s3Ask(head, body)];
  }
  if (service === "apigateway") {
    const path = head.path.replace(/^\/v2/, "");
    return [{ action: `apigateway:${head.method}`, resource: `arn:aws:apigateway:${region}::${path}` }];
  }
  const table = serviceTable(service);
  const named = await namedRequest(head, body, service, table);
  const prefix = table.prefix ?? service;
  if (!named) {
    return [{ action: `${prefix}:${head.method}`, resource: head.path }];
  }
  const arn = `arn:aws:${prefix}:${table.global ? "" : region}:${account}:`;
  const asks = itemAsks(table, named, arn);
  return (asks.length > 0 ? asks : wholeAsks(table, named, arn)).map(({ action, resource }) => ({
    action: `${prefix}:${action}`,
    resource,
  }));
}

/** Each item's own action, as transactions have them. */
function itemAsks({ itemActions = {} }: ServiceTable, { fields }: NamedRequest, arn: string): Ask[] {
  return Object.entries(itemActions).flatMap(([action, template]) =>
    resourcesOf(template, fields, arn).map((resource) => ({ action, resource })),
  );
}

/** The operation's action on what the first template that has all it needs names. */
function wholeAsks(
  { actions = {}, resources }: ServiceTable,
  { name, fields }: NamedRequest,
  arn: string,
): Ask[] {
  const action = actions[name] ?? name;
  for (const template of resources) {
    const found = resourcesOf(template, fields, arn);
    if (found.length > 0) {
      return found.map((resource) => ({ action, resource }));
    }
  }
  return [{ action, resource: "*" }];
}

function resourcesOf(template: string, fields: Fields, arn: string): string[] {
  const nameOnly = template.startsWith("=");
  return fill(nameOnly ? template.slice(1) : template, fields).map((text) =>
    nameOnly || text.startsWith("arn:") ? text : arn + tidy(text),
  );
}

/**
 * Parameter names begin with the slash that their ARN has once; a key's alias is no `key/`; a sender may have a name
 * before the address.
 */
function tidy(resource: string): string {
  return resource
    .replace("parameter//", "parameter/")
    .replace("key/alias/", "alias/")
    .replace(/^identity\/.*<([^<>]+)>$/, "identity/$1");
}

interface NamedRequest {
  readonly name: string;
  readonly fields: Fields;
}

/** The operation by its protocol: JSON, Smithy RPC v2, REST, or the form of the Query protocol. */
async function namedRequest(
  head: Head,
  body: Body,
  service: string,
  table: ServiceTable,
): Promise<NamedRequest | undefined> {
  const { headers, path } = head;
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    return { name: target.slice(target.lastIndexOf(".") + 1), fields: await jsonFields(body) };
  }
  const rpc = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(path)?.[1];
  if (rpc) {
    return { name: rpc, fields: await cborFields(body) };
  }
  const rest = table.operations && (await restRequest(head, body, service, table));
  return rest ?? formRequest(head, body);
}

async function formRequest({ headers, query }: Head, body: Body): Promise<NamedRequest | undefined> {
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const form = isForm ? new URLSearchParams((await body.whole(LARGEST_BODY_BYTES))?.toString()) : query;
  const name = form.get("Action");
  return name ? { name, fields: Object.fromEntries(form) } : undefined;
}

/** Service → its REST operations, compiled at first use. */
const compiled = new Map<string, Routes>();

async function restRequest(
  { headers, method, path, query }: Head,
  body: Body,
  service: string,
  { operations = {}, namesInBody }: ServiceTable,
): Promise<NamedRequest | undefined> {
  const routes = compiled.get(service) ?? new Routes(Object.keys(operations));
  compiled.set(service, routes);
  const match = routes.match(method, path.replace(/^\/\d{4}-\d{2}-\d{2}(?=\/)/, ""));
  if (!match) {
    return undefined;
  }
  const named = { ...Object.fromEntries(query), ...match.params };
  const inBody = namesInBody ?? Object.keys(match.params).length === 0;
  const short = Number(headers["content-length"] ?? Number.NaN) <= LARGEST_REST_BODY_BYTES;
  const fields = inBody && short ? { ...(await jsonFields(body)), ...named } : named;
  return { name: operations[match.key] ?? "", fields };
}

async function s3Ask({ headers, method, path, query }: Head, body: Body): Promise<Ask> {
  const address = s3Address(headers.host, path);
  const action = `s3:${s3Action(method, address, query)}`;
  const key = isFormUpload(method, headers)
    ? formField(await body.beginning(FORM_BEGINNING_BYTES), "key")
    : undefined;
  return { action, resource: s3Arn(key ? { ...address, key } : address) };
}

async function jsonFields(body: Body): Promise<Fields> {
  return parsed(await body.whole(LARGEST_BODY_BYTES), (bytes) => JSON.parse(bytes.toString()));
}

async function cborFields(body: Body): Promise<Fields> {
  return parsed(await body.whole(LARGEST_BODY_BYTES), decodeCbor);
}

/** A body nobody can read names no resource; the emulator will say what is wrong with it. */
function parsed(bytes: Buffer | undefined, decode: (bytes: Buffer) => unknown): Fields {
  try {
    const value = bytes?.length ? decode(bytes) : undefined;
    return typeof value === "object" && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
}
