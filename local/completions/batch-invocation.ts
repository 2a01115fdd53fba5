import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type Refusal, refusalOf } from "./refusal";
import type { Service } from "./service";

/** Lambda's invocation payload quota, 6 MB. */
export const LARGEST_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** How an invocation with a batch ended. */
export type Invoked =
  | { readonly kind: "answered"; readonly answer: string }
  | { readonly kind: "failed"; readonly functionError: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Calls the function with records, in Lambda's name, and waits for its answer. */
export async function invokeWithBatch(
  lambda: Service,
  functionName: string,
  records: readonly object[],
): Promise<Invoked> {
  try {
    const invocation = new InvokeCommand({
      FunctionName: functionName,
      Payload: Buffer.from(JSON.stringify({ Records: records })),
    });
    const { FunctionError, Payload } = await lambda.client(LambdaClient).send(invocation);
    return FunctionError
      ? { kind: "failed", functionError: FunctionError }
      : { kind: "answered", answer: Buffer.from(Payload ?? []).toString() };
  } catch (error) {
    return { kind: "refused", refusal: refusalOf(error) };
  }
}
