import type { Resource } from "../engine/resource";
import { awsError } from "../front-door/aws-error";
import { withoutHeaders } from "../front-door/headers";
import type { Exchange, Interceptor, Reply } from "../front-door/interceptor";
import { jsonReply } from "../front-door/reply";
import { parseDescription } from "./cluster";
import type { Databases, SqlOptions } from "./databases";
import { failureOf } from "./failure";
import { isOperation } from "./request";

export type { SqlOptions } from "./databases";

const clusterType = "aws:rds/cluster:Cluster";

/** Of a request, headers and JSON notation included: https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_BatchExecuteStatement.html */
const largestRequestBytes = 4 * 1024 * 1024;
/** More than what the emulator has to say of a cluster. */
const largestAnswerBytes = 1024 * 1024;

/** Headers that belong to the content an answer loses. */
const contentHeaders = new Set(["content-type", "content-length", "content-encoding"]);

/** Several clusters would have the one database at the address given. */
export class OneDatabase extends Error {
  constructor(clusters: readonly Resource[]) {
    const names = clusters.map(({ name }) => `"${name}"`).join(" and ");
    super(`--postgres gives one database, and the program has the clusters ${names}: start without it.`);
    this.name = "OneDatabase";
  }
}

/**
 * Aurora PostgreSQL's Data API over real databases. The emulator authorises each call and tells which cluster it is for;
 * its answer is replaced by that of the cluster's database, which starts as soon as the cluster is made.
 */
export class LocalSql implements Interceptor {
  readonly name = "sql";
  #databases: Databases | undefined;

  constructor(private readonly options: SqlOptions) {}

  before({ call, headers }: Exchange): Reply | undefined {
    if (call.service === "rds-data" && Number(headers["content-length"]) > largestRequestBytes) {
      return tooLarge({ call, headers });
    }
    return undefined;
  }

  async after(exchange: Exchange, reply: Reply): Promise<Reply | undefined> {
    const { call } = exchange;
    if (call.kind !== "aws" || reply.status !== 200) {
      return undefined;
    }
    if (call.service === "rds-data") {
      return this.#answer(exchange, reply);
    }
    if (call.action === "rds:CreateDBCluster" || call.action === "rds:DeleteDBCluster") {
      await this.#follow(call.action, reply);
    }
    return undefined;
  }

  /**
   * Looks at what a program wants.
   * @throws OneDatabase
   */
  check(resources: readonly Resource[]): void {
    const clusters = resources.filter(({ type }) => type === clusterType);
    if (this.options.address !== undefined && clusters.length > 1) {
      throw new OneDatabase(clusters);
    }
  }

  /** Starts the databases of clusters that are there from before. */
  configure(resources: readonly Resource[]): void {
    for (const { type, outputs } of resources) {
      if (type === clusterType) {
        this.#start(String(outputs.clusterResourceId), String(outputs.masterUsername));
      }
    }
  }

  /** Rolls back what is not committed and ends all databases. */
  async stop(): Promise<void> {
    await this.#databases?.stop();
  }

  async #answer(exchange: Exchange, reply: Reply): Promise<Reply | undefined> {
    const [, operation = ""] = exchange.call.action.split(":");
    const body = await exchange.body.whole(largestRequestBytes);
    if (!body) {
      return tooLarge(exchange);
    }
    const description = await reply.body.whole(largestAnswerBytes);
    if (!isOperation(operation) || !description) {
      return undefined;
    }
    const answer = await this.#loaded.api
      .answer(operation, body.toString(), parseDescription(description.toString()))
      .then(
        (value) => jsonReply(200, value),
        (error: unknown) => {
          const { status, code, message } = failureOf(error);
          return awsError(exchange, status, code, message);
        },
      );
    return { ...answer, headers: [...answer.headers, ...withoutHeaders(reply.headers, contentHeaders)] };
  }

  async #follow(action: string, reply: Reply): Promise<void> {
    const answer = (await reply.body.whole(largestAnswerBytes))?.toString() ?? "";
    const field = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer)?.[1] ?? "";
    const resourceId = field("DbClusterResourceId");
    if (action === "rds:DeleteDBCluster") {
      await this.#databases?.drop(resourceId);
    } else if (field("Engine") === "aurora-postgresql") {
      this.#start(resourceId, field("MasterUsername"));
    }
  }

  #start(resourceId: string, user: string): void {
    this.#loaded.start({ resourceId, user });
  }

  /** The driver takes its time to load, which a program without a cluster need not wait for. */
  get #loaded(): Databases {
    const module = () => require("./databases") as typeof import("./databases");
    this.#databases ??= new (module().Databases)(this.options);
    return this.#databases;
  }
}

function tooLarge(exchange: Pick<Exchange, "call" | "headers">): Reply {
  const message = `HTTP content length exceeded ${largestRequestBytes} bytes.`;
  return awsError(exchange, 413, "RequestEntityTooLargeException", message);
}
