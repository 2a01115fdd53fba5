import { decodeCbor } from "./cbor";
import { headerOf } from "./headers";
import type { Reply } from "./interceptor";

/** Errors are short; what is longer is content. */
const LONGEST_ERROR_BYTES = 64 * 1024;

/** The AWS error code of a failed call, `AccessDeniedException`, from its headers or its JSON, XML or CBOR. */
export async function errorCodeOf({ status, headers, body }: Reply): Promise<string | undefined> {
  if (status < 400) {
    return undefined;
  }
  const inHeader = headerOf(headers, "x-amzn-errortype");
  if (inHeader) {
    return bare(inHeader);
  }
  const bytes = await body.whole(LONGEST_ERROR_BYTES);
  if (!bytes?.length) {
    return undefined;
  }
  const contentType = headerOf(headers, "content-type") ?? "";
  if (contentType.includes("xml")) {
    return /<Code>([^<]+)<\/Code>/.exec(bytes.toString())?.[1];
  }
  const fields = decode(bytes, contentType);
  const code = fields.__type ?? fields.code ?? fields.Code;
  return typeof code === "string" ? bare(code) : undefined;
}

/** `com.amazon.coral.service#AccessDeniedException:http://…` → `AccessDeniedException`. */
function bare(code: string): string {
  return code.replace(/:.*$/, "").replace(/^.*#/, "");
}

function decode(bytes: Buffer, contentType: string): Readonly<Record<string, unknown>> {
  try {
    const value = contentType.includes("cbor") ? decodeCbor(bytes) : JSON.parse(bytes.toString());
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
