import * as parameters from "@aws-lambda-powertools/parameters/ssm";
import * as ssm from "@aws-sdk/client-ssm";
import { type Bound, service } from "./bind";

interface ParameterTarget {
  readonly Name: string;
  /** The command that sets it, for errors. */
  readonly SetBy: string;
}

/** How old, in seconds, a value may be that was read before. */
export interface ReadOptions {
  /** 0 reads anew. @default 60 */
  readonly maxAgeSeconds?: number;
}

const { through } = service(() => new ssm.SSMClient({}));
/** For each container: what it has read, and when, since a call may ask for less age than an earlier one. */
const stores: { provider?: parameters.SSMProvider; readonly readAt: Record<string, number> } = { readAt: {} };
const keptSeconds = 86_400;

/**
 * Parameter Store operations on a SecureString. A value that was changed is seen once the kept one is too old.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
 */
export const parameterMethods = {
  /** Answers the value; throws an error named `SecretMissing` where nobody has set it. */
  Read: through(
    "ssm:GetParameter",
    async (
      client: ssm.SSMClient,
      { Name, SetBy }: ParameterTarget,
      { maxAgeSeconds = 60 }: ReadOptions,
    ): Promise<string> => {
      stores.provider ??= new parameters.SSMProvider({ awsSdkV3Client: client });
      const now = Date.now();
      const isTooOld = now - (stores.readAt[Name] ?? 0) >= maxAgeSeconds * 1000;
      try {
        const options = { decrypt: true, maxAge: keptSeconds, forceFetch: isTooOld };
        const value = (await stores.provider.get(Name, options)) ?? "";
        if (isTooOld) {
          stores.readAt[Name] = now;
        }
        return value;
      } catch (error) {
        const cause = (error as Error).cause ?? error;
        if (cause instanceof ssm.ParameterNotFound) {
          const message = `The secret ${Name} is not set. Set it with: ${SetBy}`;
          throw Object.assign(new Error(message), { name: "SecretMissing" });
        }
        throw cause;
      }
    },
  ),
};

/** The bound client of a secret in Parameter Store. */
export type ParameterClient = Bound<typeof parameterMethods>;
