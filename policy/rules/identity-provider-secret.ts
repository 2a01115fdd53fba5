import { IdentityProvider } from "@pulumi/aws/cognito/identityProvider";
import { openLeaves } from "../configuration";
import { known } from "../known";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

/** By kind of provider; the second is Apple's. */
const secrets = ["client_secret", "private_key"];

/**
 * Cognito must hold the secret, so the program has to read it at deployment. A pack is not told what Pulumi keeps
 * encrypted, and this finds what is certain: a value that stands in the stack's file, under whatever name.
 */
export const identityProviderSecret = resourceRule({
  name: "identity-provider-secret",
  description: "The secrets that user pools share with identity providers are kept encrypted.",
  severity: "critical",
  reference: documentation("https://www.pulumi.com/docs/iac/concepts/secrets/"),
  remediation:
    "Read it from a SecureString parameter, Secrets Manager or `pulumi config set --secret`, and replace it: the file has shown it.",
  type: IdentityProvider,
  check: ({ providerDetails }, report) => {
    for (const property of secrets) {
      const value = known(() => providerDetails[property]);
      const shown = value ? openLeaves().find((leaf) => leaf.value === value) : undefined;
      if (shown) report(`has its ${property} from '${shown.path}', which the stack's file shows`);
    }
  },
});
