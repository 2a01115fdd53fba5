import type { Exchange, Interceptor, Reply } from "./interceptor";
import { isOwnAddress } from "./own-address";
import type { CallRecord } from "./record";
import { answerQuery } from "./record-query";

const CALLS_PATH = "/_gallery/calls";

/** Lets the record be read at `/_gallery/calls`. Apart from the record, so that the guard can stand between them. */
export class RecordAddress implements Interceptor {
  readonly name = "record-address";

  constructor(private readonly record: Pick<CallRecord, "query">) {}

  before(exchange: Exchange): Reply | undefined {
    const { method, path, query } = exchange;
    return path === CALLS_PATH && isOwnAddress(exchange)
      ? answerQuery(method, query, (filter) => this.record.query(filter))
      : undefined;
  }
}
