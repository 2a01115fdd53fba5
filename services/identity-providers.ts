import type { EncryptionKey } from "../components/encryption-key";
import type { IdentityProviders } from "../components/identity-providers";
import { Secret } from "../components/secret";
import type { GalleryConfig } from "../config";

/** Those that the stack's configuration names; what each has given Gallery as its secret, an operator has set. */
export function identityProvidersOf(config: GalleryConfig, key: EncryptionKey): IdentityProviders {
  const { googleClientId, facebookClientId, oidcIssuer: issuer, oidcClientId } = config;
  const credentials = (clientId: string, name: string) => ({
    clientId,
    clientSecret: new Secret(`${name}-client-secret`, { key }),
  });
  return {
    google: googleClientId === undefined ? undefined : credentials(googleClientId, "google"),
    facebook: facebookClientId === undefined ? undefined : credentials(facebookClientId, "facebook"),
    oidc:
      issuer === undefined || oidcClientId === undefined
        ? undefined
        : { name: "OpenID", issuer, ...credentials(oidcClientId, "oidc") },
  };
}
