import * as fs from "node:fs";
import * as path from "node:path";

/** Which cloud a command speaks to. */
export interface Whereabouts {
  /** The local cloud, not AWS. */
  readonly local: boolean;
  /** Folder where the local cloud keeps its outputs. */
  readonly state: string;
}

/** No local cloud has left its address in the folder. */
export class NoLocalCloud extends Error {}

/**
 * What SDK clients need to find the local cloud; nothing for AWS, which they find as the AWS CLI would.
 * @throws NoLocalCloud
 */
export function clientConfig({ local, state }: Whereabouts) {
  return local ? localConfig(state) : {};
}

function localConfig(state: string) {
  const file = path.resolve(state, "outputs.json");
  let outputs: Record<string, unknown>;
  try {
    outputs = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    throw new NoLocalCloud(
      `${file} cannot be read: start the local cloud with npm start, or name its --state`,
    );
  }
  const [, , , region] = String(outputs.eventBusArn).split(":");
  const url = Object.values(outputs).find((value) => /^http:\/\/127\.0\.0\.1:\d+\//.test(String(value)));
  if (url === undefined || region === undefined) {
    throw new NoLocalCloud(`${file} names no address of a local cloud; is it one of npm start?`);
  }
  return {
    endpoint: new URL(String(url)).origin,
    region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
}
