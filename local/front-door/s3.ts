import type { IncomingHttpHeaders } from "node:http";
import { decodePercent } from "./percent";

/** Bucket and key a request addresses, by path or by host name; both empty for the service itself. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string;
}

/** Host names under which a bucket is the first label: the local one and those of AWS. */
const BUCKET_HOST = /^([a-z0-9][a-z0-9.-]+)\.(?:s3[.-]|localhost(?::|$))/;

export function s3Address(host: string | undefined, path: string): S3Address {
  const fromHost = BUCKET_HOST.exec(host ?? "")?.[1];
  const segments = path.replace(/^\//, "").split("/");
  const bucket = fromHost && fromHost !== "s3" ? fromHost : (segments.shift() ?? "");
  return { bucket, key: decodePercent(segments.join("/")) };
}

export function s3Arn({ bucket, key }: S3Address): string {
  return bucket ? `arn:aws:s3:::${bucket}${key && `/${key}`}` : "*";
}

/** The fields of a form upload stand before its file and are far shorter. */
export const FORM_BEGINNING_BYTES = 64 * 1024;

/** A field of a browser's form upload that stands before its file. */
export function formField(beginning: Buffer, name: string): string | undefined {
  const pattern = new RegExp(`name="${name}"(?:\\r\\n[^\\r\\n]+)*\\r\\n\\r\\n([^\\r\\n]*)\\r\\n`, "i");
  return pattern.exec(beginning.toString())?.[1];
}

export function isFormUpload(method: string, headers: IncomingHttpHeaders): boolean {
  return method === "POST" && (headers["content-type"] ?? "").startsWith("multipart/form-data");
}

/**
 * The IAM action, without its prefix, that S3 asks for ("Actions, resources, and condition keys for Amazon
 * S3", Service Authorization Reference).
 */
export function s3Action(method: string, { bucket, key }: S3Address, query: URLSearchParams): string {
  if (!bucket) {
    return "ListAllMyBuckets";
  }
  const special = (key ? OBJECT_CASES : BUCKET_CASES).find(
    ([sub, verb]) => verb === method && query.has(sub),
  );
  if (special) {
    return special[2];
  }
  const nouns = key ? OBJECT_NOUNS : BUCKET_NOUNS;
  const sub = Object.keys(nouns).find((name) => query.has(name));
  const action = sub
    ? `${key && method === "DELETE" ? "Delete" : READS.has(method) ? "Get" : "Put"}${nouns[sub]}`
    : ((key ? OBJECT_ACTIONS : BUCKET_ACTIONS)[method] ?? `${method}${key ? "Object" : "Bucket"}`);
  return query.has("versionId") ? versioned(action) : action;
}

const READS = new Set(["GET", "HEAD"]);

const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  GET: "ListBucket",
  HEAD: "ListBucket",
  PUT: "CreateBucket",
  DELETE: "DeleteBucket",
  POST: "PutObject",
};

const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "GetObject",
  PUT: "PutObject",
  POST: "PutObject",
  DELETE: "DeleteObject",
};

/** Sub-resources with `Get…` and `Put…` actions; S3 asks for `Put…` to delete a bucket's configuration too. */
const BUCKET_NOUNS: Readonly<Record<string, string>> = {
  accelerate: "AccelerateConfiguration",
  acl: "BucketAcl",
  analytics: "AnalyticsConfiguration",
  cors: "BucketCORS",
  encryption: "EncryptionConfiguration",
  "intelligent-tiering": "IntelligentTieringConfiguration",
  inventory: "InventoryConfiguration",
  lifecycle: "LifecycleConfiguration",
  location: "BucketLocation",
  logging: "BucketLogging",
  metrics: "MetricsConfiguration",
  notification: "BucketNotification",
  "object-lock": "BucketObjectLockConfiguration",
  ownershipControls: "BucketOwnershipControls",
  policy: "BucketPolicy",
  policyStatus: "BucketPolicyStatus",
  publicAccessBlock: "BucketPublicAccessBlock",
  replication: "ReplicationConfiguration",
  requestPayment: "BucketRequestPayment",
  tagging: "BucketTagging",
  versioning: "BucketVersioning",
  website: "BucketWebsite",
};

const OBJECT_NOUNS: Readonly<Record<string, string>> = {
  acl: "ObjectAcl",
  attributes: "ObjectAttributes",
  "legal-hold": "ObjectLegalHold",
  retention: "ObjectRetention",
  tagging: "ObjectTagging",
  torrent: "ObjectTorrent",
};

type SpecialCase = readonly [subresource: string, method: string, action: string];

const BUCKET_CASES: readonly SpecialCase[] = [
  ["delete", "POST", "DeleteObject"],
  ["policy", "DELETE", "DeleteBucketPolicy"],
  ["uploads", "GET", "ListBucketMultipartUploads"],
  ["versions", "GET", "ListBucketVersions"],
  ["website", "DELETE", "DeleteBucketWebsite"],
];

const OBJECT_CASES: readonly SpecialCase[] = [
  ["restore", "POST", "RestoreObject"],
  ["select", "POST", "GetObject"],
  ["uploadId", "DELETE", "AbortMultipartUpload"],
  ["uploadId", "GET", "ListMultipartUploadParts"],
];

function versioned(action: string): string {
  return action === "PutObject" ? action : action.replace(/^(Get|Put|Delete)Object/, "$1ObjectVersion");
}
