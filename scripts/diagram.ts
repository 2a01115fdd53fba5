// `npm run diagram`: writes docs/architecture.svg from the resources of the program.
import * as fs from "node:fs";
import * as path from "node:path";
import { readProject } from "../local/project";
import { graphOf } from "./diagram/graph";
import { layOut } from "./diagram/layout";
import { resourcesOf } from "./diagram/resources";
import { captionOf, descriptionOf } from "./diagram/summary";
import { svgOf } from "./diagram/svg";

const root = path.resolve(__dirname, "..");
const file = path.join(root, "docs/architecture.svg");

async function main(): Promise<void> {
  const graph = graphOf(await resourcesOf(readProject(root, "dev")));
  const picture = await layOut(graph);
  const caption = captionOf(graph);
  fs.writeFileSync(file, svgOf(picture, { title: "Gallery", caption, description: descriptionOf(graph) }));
  console.log(`Wrote ${path.relative(process.cwd(), file)}: ${caption}`);
}

void main();
