import * as fs from "node:fs";
import * as path from "node:path";
import { DynamoDBClient, ListTablesCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, paginateListQueues, SQSClient } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { WebSocket } from "ws";
import type { FaultRule } from "../../local/front-door/faults";
import type { RecordedCall } from "../../local/front-door/record";
import type { RunningCloud } from "./local-cloud";
import type { Tokens } from "./sign-in";

/** Who deploys, and may look at everything. */
export const deployer = (cloud: RunningCloud) => ({
  endpoint: cloud.address,
  region: "eu-west-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface PictureMessage {
  readonly type: string;
  readonly photo: string;
  readonly state: string;
  readonly renditions: readonly { name: string }[];
  readonly reason?: string;
  readonly detail?: string;
}

/** Gallery as a signed-in user's program sees it. */
export function galleryClient({ outputs }: RunningCloud, user: Tokens) {
  const call = async <Body>(url: string, body?: unknown): Promise<Answer<Body>> => {
    const response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${user.access}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };
  const media = <Body>(path: string, body?: unknown) => call<Body>(`${outputs.mediaUrl}${path}`, body);
  const photos = <Body>(path: string, body?: unknown) => call<Body>(`${outputs.photosUrl}${path}`, body);
  return {
    media,
    photos,
    publish: async (title: string) => (await photos<{ id: string }>("photos", { title })).body.id,
    form: async (photo: string, contentType = "image/jpeg") =>
      (await media<UploadForm>("uploads", { photo, contentType })).body,
    socket: (query = `?token=${user.access}`) => openSocket(`${outputs.liveUrl}${query}`),
  };
}

export async function sendForm({ url, fields }: UploadForm, file: Uint8Array): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    form.append(name, value);
  }
  form.append("file", new Blob([new Uint8Array(file)]));
  return fetch(url, { method: "POST", body: form });
}

/** A socket once it is open, with all that it was told; rejects with the status of a refusal. */
export async function openSocket(url: string) {
  const socket = new WebSocket(url);
  const messages: PictureMessage[] = [];
  let closed: number | undefined;
  socket.on("message", (data) => messages.push(JSON.parse(data.toString())));
  socket.on("close", (code) => {
    closed = code;
  });
  await new Promise<void>((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("unexpected-response", (_, response) => reject(new Error(`${response.statusCode}`)));
    socket.on("error", reject);
  });
  return { socket, messages, closed: () => closed };
}

export async function setFaults(cloud: RunningCloud, rules: readonly FaultRule[]): Promise<void> {
  const response = await fetch(`${cloud.address}/_gallery/faults`, {
    method: "PUT",
    body: JSON.stringify(rules),
    headers: { "content-type": "application/json" },
  });
  if (!response.ok) {
    throw new Error(await response.text());
  }
}

/** Calls on the front door's record, of which the file has all. */
export function recorded({ stateDir }: RunningCloud, caller: RegExp, action: string): RecordedCall[] {
  return fs
    .readFileSync(path.join(stateDir, "calls.jsonl"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line): RecordedCall => JSON.parse(line))
    .filter((call) => caller.test(call.caller) && call.action === action);
}

/** Every item of the table of a name in the program. */
export async function itemsOf<Item>(cloud: RunningCloud, name: string): Promise<Item[]> {
  const client = new DynamoDBClient(deployer(cloud));
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const TableName = TableNames.find((table) => table.replace(/-[\da-f]{7}$/, "") === name);
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    items.push(...Items.map((item) => unmarshall(item) as Item));
  }
  return items;
}

export interface Depth {
  readonly url: string;
  readonly visible: number;
  readonly hidden: number;
}

/** Messages in each queue whose name begins so, by name in the program. */
export async function depths(cloud: RunningCloud, prefix: string): Promise<Record<string, Depth>> {
  const client = new SQSClient(deployer(cloud));
  const found: Record<string, Depth> = {};
  for await (const { QueueUrls = [] } of paginateListQueues({ client }, { QueueNamePrefix: prefix })) {
    for (const url of QueueUrls) {
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
      );
      const name = url.slice(url.lastIndexOf("/") + 1).replace(/-[\da-f]{7}$/, "");
      found[name] = {
        url,
        visible: Number(Attributes?.ApproximateNumberOfMessages),
        hidden: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
      };
    }
  }
  return found;
}
