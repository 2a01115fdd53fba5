import type { IncomingHttpHeaders } from "node:http";

/** What a signed request says about its signer. */
export interface Credential {
  readonly accessKey: string;
  /** Signing name of the service, `dynamodb`, `monitoring`. */
  readonly service: string;
  /** Absent when the signature is valid in several regions (SigV4a). */
  readonly region: string | undefined;
}

/** The credential of the Authorization header or of a presigned URL, SigV4 or SigV4a. */
export function credentialOf(headers: IncomingHttpHeaders, query: URLSearchParams): Credential | undefined {
  const inHeader = /^AWS4-\S+ .*?Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1];
  return parseCredential(inHeader ?? query.get("X-Amz-Credential"));
}

/** Reads `<access key>/<date>/<region>/<service>/aws4_request`; SigV4a leaves the region out. */
export function parseCredential(text: string | null | undefined): Credential | undefined {
  const parts = text?.split("/") ?? [];
  const [service, end] = parts.slice(-2);
  const [accessKey, , region] = parts;
  if (!accessKey || !service || end !== "aws4_request" || parts.length < 4) {
    return undefined;
  }
  return { accessKey, service, region: parts.length > 4 ? region : undefined };
}
