import * as z from "zod";
import type { ParameterClient } from "../../components/sdk/ssm";
import { namedError } from "../named-error";
import { mailStatuses } from "./campaign";

/** A campaign as the mail service takes it. */
export interface Mailing {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly recipients: readonly { readonly email: string; readonly name?: string }[];
  readonly webhookUrl: string;
}

/** What the mail service answers of a campaign; `sequence` is 0 before its first report. */
const answerSchema = () =>
  z.object({ id: z.string().min(1), status: z.enum(mailStatuses), sequence: z.int().min(0) });
type Answer = z.infer<ReturnType<typeof answerSchema>>;

interface Call {
  readonly method: "GET" | "POST" | "PUT";
  /** Below the service's address, such as `v1/campaigns`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** How long the mail service may take to answer. */
export const patienceMilliseconds = 8000;

/**
 * The mail service's API at an address. Its methods throw an error named `MailUnavailable` for what may pass, such as an
 * answer that does not come, 429 or 5xx, and one named `MailRefused` for any other refusal.
 */
export const mailService = (mailUrl: string, apiKey: ParameterClient) => {
  const call = async (what: Call): Promise<string> => {
    const first = await request(mailUrl, await apiKey.Read({}), what);
    // The key may have been set anew within the minute that one is kept.
    const { status, text } =
      first.status === 401 ? await request(mailUrl, await apiKey.Read({ maxAgeSeconds: 0 }), what) : first;
    if (status >= 200 && status < 300) {
      return text;
    }
    const isPassing = status === 429 || status >= 500;
    throw namedError(
      isPassing ? "MailUnavailable" : "MailRefused",
      // Not what it says: it may repeat what it was sent, an address or the signing secret.
      `${what.method} ${what.path} of the mail service answers ${status}.`,
    );
  };
  return {
    /** Asks to send; the same key again gives the same campaign. */
    send: async (mailing: Mailing, idempotencyKey: string): Promise<Answer> =>
      answerOf(
        await call({
          method: "POST",
          path: "v1/campaigns",
          headers: { "idempotency-key": idempotencyKey },
          body: mailing,
        }),
      ),
    read: async (mailId: string): Promise<Answer> =>
      answerOf(await call({ method: "GET", path: `v1/campaigns/${encodeURIComponent(mailId)}` })),
    /** From then on reports are signed with this secret. */
    signWith: async (secret: string): Promise<void> => {
      await call({ method: "PUT", path: "v1/webhook-signing-secret", body: { secret } });
    },
  };
};

async function request(
  mailUrl: string,
  key: string,
  { method, path, headers, body }: Call,
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(`${mailUrl.replace(/\/+$/, "")}/${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      // The key is for nobody else.
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMilliseconds),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw namedError("MailUnavailable", `${method} ${path} of the mail service has no answer: ${error}`);
  }
}

/** What is no answer of the mail service's comes from something before it. */
function answerOf(text: string): Answer {
  try {
    return answerSchema().parse(JSON.parse(text));
  } catch (error) {
    throw namedError("MailUnavailable", `the mail service answers what is no campaign: ${error}`);
  }
}
