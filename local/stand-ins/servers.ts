import { randomBytes } from "node:crypto";
import { startMailStandIn } from "./mail";
import { startOidcStandIn } from "./oidc";

/** A server that was started, and what it was started with. */
export interface Started {
  readonly address: string;
  /** What the program is told besides the address, by the names of {@link StandInServer.config}. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys made anew, by the names of {@link StandInServer.secrets}. */
  readonly secrets: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A kind of stand-in: what a project can, and must, say where to put, and how it is started. */
export interface StandInServer {
  readonly config: readonly string[];
  readonly secrets: readonly string[];
  start(): Promise<Started>;
}

/** The kinds there are, by the name a project asks for them. */
export const servers: Readonly<Record<string, StandInServer>> = {
  mail: {
    config: [],
    secrets: ["apiKey"],
    async start() {
      const apiKey = newKey();
      return { ...(await startMailStandIn({ apiKey })), config: {}, secrets: { apiKey } };
    },
  },
  oidc: {
    config: ["clientId"],
    secrets: ["clientSecret"],
    async start() {
      const [clientId, clientSecret] = ["stand-in-client", newKey()];
      const server = await startOidcStandIn({ clientId, clientSecret });
      return { ...server, config: { clientId }, secrets: { clientSecret } };
    },
  },
};

const newKey = () => randomBytes(32).toString("base64url");
