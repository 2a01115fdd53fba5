import { KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { ClientConfig } from "../engine/resource";

/** Kinesis by HTTP/1.1, which the emulator speaks; the SDK's own choice for this service is HTTP/2. */
export class Http1KinesisClient extends KinesisClient {
  constructor(config: ClientConfig) {
    super({ ...config, requestHandler: new NodeHttpHandler() });
  }
}
