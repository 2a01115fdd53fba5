// Prints the resources of the real program as JSON, with the outputs they would have. In a process of its own, since
// the SDK looks through every module that is loaded for each object a callback captures, which is slow under jest.
import * as path from "node:path";
import { handlerOf } from "../../../local/aws";
import { generatedName, named } from "../../../local/engine/name";
import { Program } from "../../../local/engine/program";
import type { Registration, Resource } from "../../../local/engine/resource";
import { readProject } from "../../../local/project";

const project = readProject(path.resolve(__dirname, "../../.."), "dev");
const place = { region: project.region, account: "000000000000" };

/** What only a cloud tells of a database. */
const secretArnOf = (name: unknown) =>
  `arn:aws:secretsmanager:${place.region}:${place.account}:secret:rds!${name}`;

function made(registration: Registration): Resource {
  const handler = handlerOf(registration.type);
  const inputs = named(registration, handler, 0);
  const name = handler.nameProperty === undefined ? undefined : inputs[handler.nameProperty];
  const id = typeof name === "string" ? name : generatedName(registration);
  const told = { masterUserSecrets: [{ secretArn: secretArnOf(name) }], result: "null" };
  return { ...registration, id, outputs: { ...told, ...inputs, ...handler.outputs(id, inputs, place) } };
}

async function main() {
  const resources: Resource[] = [];
  const invoke = async () => ({});
  const register = async (registration: Registration) => {
    const resource = registration.custom ? made(registration) : { ...registration, id: "", outputs: {} };
    resources.push(resource);
    return resource;
  };
  await new Program(project).evaluate({ invoke, register }, false);
  console.log(JSON.stringify(resources, (key, value) => (key === "code" ? undefined : value)));
}

main();
