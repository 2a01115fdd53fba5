import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { Service } from "../../../local/completions/service";
import { ServiceCallers } from "../../../local/completions/service-callers";
import { type FakeEmulator, fakeEmulator } from "../front-door/fake-emulator";

type Json = Record<string, unknown>;

/** What the fake emulator is to answer: 200, or an error. */
export type FakeAnswer =
  | { readonly json: unknown }
  | { readonly error: string; readonly status?: number }
  | { readonly functionError: unknown };

/** Answers operations by their name, and functions by their event; never when it answers undefined. */
export interface FakeServices {
  operation(name: string, request: Json): FakeAnswer;
  invoke(event: Json): FakeAnswer | undefined;
}

const session =
  "<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>" +
  "<Expiration>2100-01-01T00:00:00Z</Expiration>";

/** An emulator that is its own front door. */
export function startFake(services: FakeServices): Promise<FakeEmulator> {
  return fakeEmulator(async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const target = request.headers["x-amz-target"];
    const isInvocation = request.url?.includes("/invocations");
    if (!isInvocation && typeof target !== "string") {
      response.end(session);
      return;
    }
    const json = JSON.parse(body);
    const answer = isInvocation
      ? services.invoke(json)
      : services.operation(`${target}`.split(".")[1] ?? "", json);
    if (answer && "error" in answer) {
      const { error, status = 400 } = answer;
      response.writeHead(status, { "x-amzn-errortype": error }).end(JSON.stringify({ __type: error }));
    } else if (answer && "functionError" in answer) {
      const { functionError } = answer;
      response.writeHead(200, { "x-amz-function-error": "Unhandled" }).end(JSON.stringify(functionError));
    } else if (answer) {
      response.end(JSON.stringify(answer.json));
    }
  });
}

export function serviceAt({ address }: FakeEmulator, principal: string): Service {
  const surroundings = {
    region: "eu-west-1",
    account: "000000000000",
    endpoint: address,
    emulatorAddress: address,
  };
  return new Service(principal, surroundings, new ServiceCallers());
}
