import { paginateListQueues } from "@aws-sdk/client-sqs";
import type { Cloud } from "./cloud";
import { InvalidRedrive } from "./invalid";

export interface FoundQueue {
  readonly name: string;
  readonly url: string;
}

const nameOf = (url: string) => url.slice(url.lastIndexOf("/") + 1);

/** What Pulumi adds to a queue's name in the program, or the local cloud does. */
const suffix = /^-[\da-f]{7}$/;

/**
 * The queue of this name, or of this name in the program.
 * @throws InvalidRedrive when there is none, or more than one
 */
export async function findQueue({ sqs: client }: Cloud, queue: string): Promise<FoundQueue> {
  const name = nameOf(queue);
  const urls: string[] = [];
  for await (const { QueueUrls = [] } of paginateListQueues({ client }, { QueueNamePrefix: name })) {
    urls.push(...QueueUrls);
  }
  const exact = urls.filter((url) => nameOf(url) === name || suffix.test(nameOf(url).slice(name.length)));
  const candidates = exact.length > 0 ? exact : urls;
  const [url] = candidates;
  if (url === undefined) {
    throw new InvalidRedrive(
      `There is no queue ${name} here. List them with: aws sqs list-queues, and check account and region.`,
    );
  }
  if (candidates.length > 1) {
    throw new InvalidRedrive(
      `Which of these: ${candidates.map(nameOf).sort().join(", ")}? Name one of them whole.`,
    );
  }
  return { name: nameOf(url), url };
}
