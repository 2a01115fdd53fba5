import * as fs from "node:fs";
import * as path from "node:path";
import * as YAML from "yaml";
import * as z from "zod";
import { servers } from "./servers";

/** A stand-in that a project asks for, and where what it is reached by goes. */
export interface DeclaredStandIn {
  /** One of the known servers. */
  readonly name: string;
  /** Full configuration key that gets the server's address. */
  readonly address: string;
  /** What else the server tells → full configuration key that gets it. */
  readonly config: Readonly<Record<string, string>>;
  /** The server's key → name of the parameter that gets it. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** `local.yaml` is no YAML, or says something that means nothing. */
export class InvalidStandIns extends Error {
  override readonly name = "InvalidStandIns";
}

const configKey = z
  .string()
  .regex(/^[\w-]+:[\w.-]+$/, "must be a full configuration key, such as shop:mailUrl");
const parameterName = z
  .string()
  .regex(
    /^(\/[\w.-]+)+$/,
    `must name a parameter, such as /shop/\${stack}/mail-key; nothing else is filled in`,
  );

/** Reads which stand-ins a project's `local.yaml` asks for; without the file, none. @throws InvalidStandIns */
export function readStandIns(directory: string, stack: string): readonly DeclaredStandIn[] {
  const file = path.join(directory, "local.yaml");
  if (!fs.existsSync(file)) {
    return [];
  }
  const { success, data, error } = schemaFor(stack).safeParse(parse(file), { reportInput: true });
  if (!success) {
    throw new InvalidStandIns(error.issues.map((issue) => `${file}: ${describe(issue)}`).join("\n"));
  }
  const declared = Object.entries(data.standIns).flatMap(([name, entry]) =>
    entry ? { name, ...entry } : [],
  );
  const places = declared.flatMap(({ address, config, secrets }) => [
    address,
    ...Object.values(config),
    ...Object.values(secrets),
  ]);
  const twice = places.find((place, index) => places.indexOf(place) < index);
  if (twice !== undefined) {
    throw new InvalidStandIns(`${file}: ${twice} is given twice; each value needs a place of its own`);
  }
  return declared;
}

function parse(file: string): unknown {
  try {
    return YAML.parse(fs.readFileSync(file, "utf8")) ?? {};
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new InvalidStandIns(`${file} is not valid YAML: ${reason}`);
  }
}

function schemaFor(stack: string) {
  const filledIn = z
    .string()
    .transform((name) => name.replaceAll(`\${stack}`, stack))
    .pipe(parameterName);
  const entries = Object.entries(servers).map(([name, { config, secrets }]) => {
    const standIn = z.strictObject({
      address: configKey,
      config: places(config, configKey),
      secrets: places(secrets, filledIn),
    });
    return [name, standIn.optional()] as const;
  });
  return z.strictObject({ standIns: z.strictObject(Object.fromEntries(entries)).default({}) });
}

/** A place for each of the names; where there are none, nothing need be said. */
function places(names: readonly string[], place: z.ZodType<string>) {
  const mapping = z.strictObject(Object.fromEntries(names.map((name) => [name, place])));
  return names.length > 0 ? mapping : mapping.default({});
}

function describe(issue: z.core.$ZodIssue): string {
  const at = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys.map((key) => (at ? `${at}.${key}` : key));
    return `${unknown.join(", ")} is unknown; known here: ${knownAt(issue.path).join(", ") || "nothing"}`;
  }
  if (issue.code === "invalid_type") {
    return issue.input === undefined
      ? `${at} is missing`
      : `${at || "the file"} must be ${issue.expected === "string" ? "text" : "a mapping of keys to values"}`;
  }
  return `${at} ${issue.message}`;
}

/** What may stand below a path of the file. */
function knownAt([root, name, part]: readonly PropertyKey[]): readonly string[] {
  if (root === undefined) return ["standIns"];
  if (name === undefined) return Object.keys(servers);
  return part === "config" || part === "secrets"
    ? (servers[String(name)]?.[part] ?? [])
    : ["address", "config", "secrets"];
}
