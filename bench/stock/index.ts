// A Pulumi program that deploys callbacks of Gallery as people do without its blocks. A function whose name ends in
// -lean leaves out the packages of this repository's package.json that its callback does not need.
import * as fs from "node:fs";
import * as path from "node:path";
import * as aws from "@pulumi/aws";
import type { Factory } from "../../components/closure/capture";
import { DeadLetters } from "../../components/dead-letters";
import { EventBus } from "../../components/event-bus";
import { Table } from "../../components/table";
import { announce } from "../../handlers/photos/announce";
import { publish } from "../../handlers/photos/publish";
import { dependencies } from "../../package.json";

/** Every installed package by its folder, such as `node_modules/zod`. */
const { packages }: { packages: Record<string, { dependencies?: object }> } = JSON.parse(
  fs.readFileSync(path.resolve(__dirname, "../../package-lock.json"), "utf8"),
);

const photos = new Table("photos", { attributes: { id: "S" }, key: { partition: "id" } });
const bus = new EventBus("gallery", { deadLetters: new DeadLetters("failures") });

deploy("photos-api-publish-photo", publish(photos.sdk), "@aws-sdk/client-dynamodb");
deploy("photos-announce", announce(bus.sdk), "@aws-sdk/client-eventbridge");

function deploy<Event, Result>(
  name: string,
  { factory: callbackFactory }: Factory<Event, Result>,
  client: string,
): void {
  const needed = withDependencies([client, "@aws-sdk/util-dynamodb", "zod"]);
  const extraExcludePackages = Object.keys(dependencies).filter((dependency) => !needed.has(dependency));
  new aws.lambda.CallbackFunction(name, { callbackFactory });
  new aws.lambda.CallbackFunction(`${name}-lean`, {
    callbackFactory,
    codePathOptions: { extraExcludePackages },
  });
}

/** The packages and what they depend on. */
function withDependencies(names: readonly string[]): Set<string> {
  const found = new Set(names);
  // A set hands out what is added on the way, too.
  for (const name of found) {
    for (const dependency of Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {})) {
      found.add(dependency);
    }
  }
  return found;
}
