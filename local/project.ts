import * as fs from "node:fs";
import * as path from "node:path";
import * as YAML from "yaml";

/** A Pulumi project and one of its stacks, as `Pulumi.yaml` and `Pulumi.<stack>.yaml` describe them. */
export interface Project {
  readonly name: string;
  readonly stack: string;
  /** Absolute path of the project's folder. */
  readonly directory: string;
  /** Absolute path of the program's entry file. */
  readonly main: string;
  /** Full key → value as Pulumi hands it to the program: strings as they are, anything else as JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Full keys whose value the stack file holds encrypted. */
  readonly secretKeys: readonly string[];
  readonly region: string;
}

/** A project or stack file is missing, is no YAML, or sets something it may not. */
export class InvalidProject extends Error {}

type ValueType = "string" | "integer" | "number" | "boolean" | "array" | "object";
interface Declaration {
  readonly type?: ValueType;
  readonly default?: unknown;
  readonly value?: unknown;
}

/** Reads a project's files as the Pulumi CLI does: declared types are checked, defaults filled in. */
export function readProject(directory: string, stack: string): Project {
  const projectFile = path.join(directory, "Pulumi.yaml");
  const project = readYaml(projectFile);
  const { name } = project;
  if (typeof name !== "string") {
    throw new InvalidProject(`${projectFile}: \`name\` is missing; a project needs one`);
  }
  const stackFile = path.join(directory, `Pulumi.${stack}.yaml`);
  if (!fs.existsSync(stackFile)) {
    const stacks = fs.readdirSync(directory).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    throw new InvalidProject(
      `There is no stack "${stack}": ${stackFile} does not exist. Stacks here: ${stacks.join(", ") || "none"}.`,
    );
  }

  const declared = mapping(project.config ?? {}, projectFile, "config");
  const set = mapping(readYaml(stackFile).config ?? {}, stackFile, "config");
  const values: Record<string, unknown> = {};
  for (const [key, declaration] of Object.entries(declared)) {
    const fallback = isDeclaration(declaration) ? (declaration.value ?? declaration.default) : declaration;
    if (fallback !== undefined) {
      values[qualify(key, name)] = fallback;
    }
  }
  const secretKeys: string[] = [];
  for (const [key, value] of Object.entries(set)) {
    if (!key.includes(":")) {
      throw new InvalidProject(`${stackFile}: config key "${key}" needs a namespace; write ${name}:${key}`);
    }
    if (isEncrypted(value)) {
      secretKeys.push(key);
      continue;
    }
    const declaration = declared[key] ?? declared[key.replace(`${name}:`, "")];
    if (isDeclaration(declaration) && declaration.type !== undefined && !hasType(value, declaration.type)) {
      throw new InvalidProject(
        `${stackFile}: ${key} is ${JSON.stringify(value)}, but Pulumi.yaml declares it as ${declaration.type}`,
      );
    }
    values[key] = value;
  }

  const config = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const region = config["aws:region"];
  if (region === undefined) {
    throw new InvalidProject(
      `${stackFile}: aws:region is not set; set it with: pulumi config set aws:region eu-west-1`,
    );
  }
  const entry = typeof project.main === "string" ? project.main : "index.ts";
  return { name, stack, directory, main: path.resolve(directory, entry), config, secretKeys, region };
}

function readYaml(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch {
    throw new InvalidProject(`${file} does not exist; a Pulumi project has one in its folder`);
  }
  try {
    return mapping(YAML.parse(text) ?? {}, file, "the file");
  } catch (error) {
    throw error instanceof YAML.YAMLParseError
      ? new InvalidProject(`${file} is not valid YAML: ${error.message.split("\n")[0]}`)
      : error;
  }
}

function mapping(value: unknown, file: string, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidProject(`${file}: ${what} must be a mapping of keys to values`);
  }
  return value as Record<string, unknown>;
}

const qualify = (key: string, project: string) => (key.includes(":") ? key : `${project}:${key}`);

function isDeclaration(value: unknown): value is Declaration {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEncrypted(value: unknown): boolean {
  return isDeclaration(value) && "secure" in value;
}

function hasType(value: unknown, type: ValueType): boolean {
  switch (type) {
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "object":
      return isDeclaration(value);
    default:
      return typeof value === type;
  }
}
