import { generate } from "selfsigned";

/** A server's key and certificate, and that of the authority which clients are to trust for it. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly authority: string;
}

const elliptic = { keyType: "ec", algorithm: "sha256" } as const;

/** A certificate for this machine, by an authority that is made for it alone and whose key nobody keeps. */
export async function localCertificate(): Promise<Certificate> {
  const authority = await generate([{ name: "commonName", value: "Gallery's local caches" }], {
    ...elliptic,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: "commonName", value: "localhost" }], {
    ...elliptic,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { key: server.private, cert: server.cert, authority: authority.cert };
}
