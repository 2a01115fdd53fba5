/** Names that a browser resolves to this machine without asking anybody (RFC 6761, 6.3). */
const LOOPBACK = /^(127\.0\.0\.1|\[::1\]|([a-z0-9_-]+\.)*localhost)$/;

/** What a Host header addresses: this machine, or a custom domain of an API. */
export type Place = "loopback" | "domain";

/**
 * The hosts the front door serves. Any other name is one that somebody else's name server points here, as DNS
 * rebinding does; so may public names that usually resolve to loopback, such as `localhost.localstack.cloud`.
 */
export class Hosts {
  #domains: readonly { readonly domain: string; readonly base: string }[] = [];

  /** @param names domains, `photos.example`, or a base path of one, `photos.example/v1`; replace those before. */
  allow(names: readonly string[]): void {
    this.#domains = names.map((name) => {
      const [domain = "", ...base] = name.replace(/\/+$/, "").split("/");
      return { domain: domain.toLowerCase(), base: ["", ...base].join("/") };
    });
  }

  /** Undefined for a host, or a path of a domain, that nobody declared. */
  place(host: string | undefined, path: string): Place | undefined {
    const name = host?.toLowerCase().replace(/:\d+$/, "") ?? "";
    const isDeclared = this.#domains.some(
      ({ domain, base }) => domain === name && (path === base || path.startsWith(`${base}/`)),
    );
    return isDeclared ? "domain" : LOOPBACK.test(name) ? "loopback" : undefined;
  }
}
