/** As much of a web browser as a sign-in needs: cookies by path, redirects followed one by one, one form. */
export class Browser {
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();

  /** Opens an address, without following where it leads. */
  async open(address: string, form?: Record<string, string>): Promise<Response> {
    const { pathname } = new URL(address);
    const cookie = [...this.#cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join("; ");
    const response = await fetch(address, {
      method: form ? "POST" : "GET",
      headers: { cookie },
      body: form && new URLSearchParams(form),
      redirect: "manual",
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      const path = /path=([^;]+)/i.exec(set)?.[1] ?? "/";
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, { value, path });
    }
    return response;
  }

  /** Goes where a response leads as long as that begins with `within`; answers the page, or the address outside. */
  async follow(response: Response, within: string): Promise<{ page?: Response; url: string }> {
    let [page, url] = [response, response.url];
    for (let hops = 0; page.status >= 300 && page.status < 400; hops++) {
      url = new URL(page.headers.get("location") ?? "", url).href;
      if (!url.startsWith(within) || hops > 10) return { url };
      page = await this.open(url);
    }
    return { page, url };
  }
}
