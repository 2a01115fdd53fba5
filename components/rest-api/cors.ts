import * as pulumi from "@pulumi/pulumi";

/** A value that is no origin of web pages. */
export class NoOrigin extends pulumi.RunError {}

/** Refuses what could not be, or must not be, written into a template. @throws NoOrigin */
export function checkOrigins(name: string, origins: readonly string[]): void {
  for (const origin of origins) {
    if (!/^https?:\/\/[\w.-]+(:\d+)?$/.test(origin)) {
      throw new NoOrigin(`${name}: ${origin} is no origin; give one such as https://gallery.example`);
    }
  }
}

/** How an answer of API Gateway itself names the page's origin as one that may read it. */
export interface AllowedOrigin {
  /** Response parameters, with values as API Gateway writes them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** VTL that goes before the template of the body. */
  readonly template: string;
}

/** Of several origins, it must be the one that asks: that is for a template to find out. */
export function allowedOrigin(origins: readonly string[]): AllowedOrigin {
  const [first] = origins;
  if (first === undefined) {
    return { parameters: {}, template: "" };
  }
  if (origins.length === 1) {
    return {
      parameters: { "method.response.header.Access-Control-Allow-Origin": `'${first}'` },
      template: "",
    };
  }
  const isOne = origins.map((origin) => `$origin == '${origin}'`).join(" || ");
  return {
    parameters: { "method.response.header.Vary": "'Origin'" },
    // A header has the case in which its client sent it.
    template:
      "#set($origin = $input.params('Origin'))" +
      "#if($origin == '')#set($origin = $input.params('origin'))#end" +
      `#if(${isOne})#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end`,
  };
}

/** The origin that a function's answer names, if the request comes from one that may read it. */
export function originFor(origins: readonly string[], asking: string | undefined): string | undefined {
  return origins.length === 1 ? origins[0] : origins.find((origin) => origin === asking);
}
