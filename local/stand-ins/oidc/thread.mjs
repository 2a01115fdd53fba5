// The thread of `startOidcStandIn`. Plain JavaScript: TypeScript would have to be loaded once more for it, which
// takes half a second and 50 MB. It tells its issuer first, then whatever goes wrong.
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { Provider } from "oidc-provider";
import * as z from "zod";
import { expiredPage, signInPage } from "./page.mjs";

const LARGEST_FORM_BYTES = 16 * 1024;
const SIGN_IN = "/sign-in/";

const person = z.object({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.email({ error: "That is no email address." })),
  name: z.string().trim().min(1, "A name is missing.").max(200, "The name has more than 200 characters."),
});

/** By `sub`. */
const people = new Map();

const server = createServer((request, response) => {
  serve(request, response).catch((error) => {
    parentPort.postMessage(String(error));
    response.destroy();
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = makeProvider(workerData);
const answerProtocol = provider.callback();
// Looks at what it was given now rather than at the first sign-in.
await provider.Client.find(workerData.clientId).catch((error) => {
  throw new Error(error.error_description ?? error.message);
});
parentPort.postMessage(issuer);

function makeProvider({ clientId, clientSecret, redirectUris }) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ format: "jwk" });
  const made = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        token_endpoint_auth_method: "client_secret_post",
        redirect_uris: redirectUris ?? ["http://127.0.0.1/"],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    responseTypes: ["code"],
    clientAuthMethods: ["client_secret_post"],
    allowOmittingSingleRegisteredRedirectUri: false,
    scopes: ["openid"],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    // Cognito takes its attributes from the ID token.
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(32).toString("base64url")] },
    jwks: { keys: [{ ...key, alg: "RS256", use: "sig", kid: "stand-in" }] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { url: (_context, { uid }) => `${SIGN_IN}${uid}` },
    findAccount: (_context, sub) => people.get(sub),
    loadExistingGrant,
  });
  if (redirectUris === undefined) {
    made.Client.prototype.redirectUriAllowed = isLoopback;
  }
  made.on("server_error", (_context, error) => parentPort.postMessage(String(error)));
  return made;
}

/** Who signs in here agrees to what the client asks. */
async function loadExistingGrant({ oidc: { client, session, provider } }) {
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope("openid email profile");
  await grant.save();
  return grant;
}

function isLoopback(address) {
  const { protocol, hostname } = URL.canParse(address) ? new URL(address) : {};
  return protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

async function serve(request, response) {
  if (request.url.startsWith(SIGN_IN)) {
    await signIn(request, response);
    return;
  }
  // Whoever comes is asked, so that one person can be several in turn.
  request.headers.cookie = (request.headers.cookie ?? "")
    .split("; ")
    .filter((cookie) => !cookie.startsWith("_session"))
    .join("; ");
  answerProtocol(request, response);
}

/** Shows the page; takes what was typed, and sends the browser on. */
async function signIn(request, response) {
  let uid;
  try {
    ({ uid } = await provider.interactionDetails(request, response));
  } catch {
    send(response, 400, expiredPage());
    return;
  }
  if (request.method !== "POST") {
    send(response, 200, signInPage({ uid }));
    return;
  }
  const form = await readForm(request);
  const { success, data, error } = person.safeParse({ email: "", name: "", ...form });
  if (!success) {
    send(response, 400, signInPage({ uid, ...form, problems: error.issues.map(({ message }) => message) }));
    return;
  }
  const { email, name } = data;
  const sub = createHash("sha256").update(email).digest("hex").slice(0, 32);
  const claims = { sub, email, email_verified: true, name };
  people.set(sub, { accountId: sub, claims: () => claims });
  await provider.interactionFinished(request, response, { login: { accountId: sub } });
}

/** Undefined for a form that is too long. */
async function readForm(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LARGEST_FORM_BYTES) {
      return {};
    }
  }
  return Object.fromEntries(new URLSearchParams(text));
}

function send(response, status, page) {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(page);
}
