import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  EventBridgeClient,
  UpdateApiDestinationCommand,
  UpdateConnectionCommand,
} from "@aws-sdk/client-eventbridge";
import type { Cloud, Place } from "../engine/resource";

/** The API destination to which the emulator posts what it would otherwise deliver to a function itself. */
const relay = "gallery-relay";

export const RELAY_PATH = "/_gallery/relay";
/** Shows that the emulator posts, not a program that knows the address. */
export const TOKEN_HEADER = "x-gallery-relay";
/** Names the target of a rule; a schedule, whose targets have no headers, names itself in the body. */
export const TARGET_HEADER = "x-gallery-target";

const completions = Symbol("completions act here");

/** The place, marked as one where completions act: handlers then deploy what these need. */
export function withCompletions<P extends Place>(place: P): P {
  return { ...place, [completions]: true };
}

/** Whether completions act there. A bare emulator, as tests of handlers have, delivers itself. */
export function hasCompletions(place: Place): boolean {
  return completions in place;
}

/** Whether what is sent to `arn` goes by the relay. */
export function isRelayed(arn: string, place: Place): boolean {
  return hasCompletions(place) && /^arn:[^:]+:lambda:/.test(arn);
}

/** What the emulator sends to in the function's stead. */
export function relayArn({ region, account }: Place): string {
  return `arn:aws:events:${region}:${account}:api-destination/${relay}`;
}

/** What a target is known by at the relay. */
export function targetName(bus: string, rule: string, targetId: string): string {
  return `${bus}/${rule}/${targetId}`;
}

/** Points the relay of the emulator, which may have one from an earlier start, to the front door's present address. */
export async function connectRelay(cloud: Cloud, endpoint: string, token: string): Promise<void> {
  const eventBridge = cloud.client(EventBridgeClient);
  const connection = {
    Name: relay,
    AuthorizationType: "API_KEY",
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: TOKEN_HEADER, ApiKeyValue: token } },
  } as const;
  const { ConnectionArn } = await put(
    () => eventBridge.send(new CreateConnectionCommand(connection)),
    () => eventBridge.send(new UpdateConnectionCommand(connection)),
  );
  const destination = {
    Name: relay,
    ConnectionArn,
    InvocationEndpoint: `${endpoint}${RELAY_PATH}`,
    HttpMethod: "POST",
  } as const;
  await put<unknown>(
    () => eventBridge.send(new CreateApiDestinationCommand(destination)),
    () => eventBridge.send(new UpdateApiDestinationCommand(destination)),
  );
}

async function put<T>(create: () => Promise<T>, update: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceAlreadyExistsException") return update();
    throw error;
  }
}
