import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Secret } from "./secret";

interface Credentials {
  readonly clientId: string;
  /** Cognito must hold it itself, so it is read at deployment. */
  readonly clientSecret: Secret;
}

/** Who vouches for users beside the pool: those that are given. */
export interface IdentityProviders {
  readonly google?: Credentials;
  readonly facebook?: Credentials;
  /** Any provider of OpenID Connect, by the address that serves its `/.well-known/openid-configuration`. */
  readonly oidc?: Credentials & { readonly name: string; readonly issuer: string };
}

/**
 * The pool's identity providers, and what becomes of their users' attributes.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html
 */
export function identityProvidersOf(
  name: string,
  userPool: aws.cognito.UserPool,
  { google, facebook, oidc }: IdentityProviders,
  opts: pulumi.CustomResourceOptions,
): aws.cognito.IdentityProvider[] {
  const provider = (
    providerName: string,
    providerType: string,
    { clientId, clientSecret }: Credentials,
    details: Record<string, string>,
    attributeMapping: Record<string, string>,
  ) =>
    new aws.cognito.IdentityProvider(
      `${name}-${providerName.toLowerCase()}`,
      {
        userPoolId: userPool.id,
        providerName,
        providerType,
        providerDetails: { client_id: clientId, client_secret: clientSecret.atDeployment(), ...details },
        attributeMapping,
      },
      opts,
    );
  return [
    ...(google
      ? [
          provider(
            "Google",
            "Google",
            google,
            { authorize_scopes: "openid email profile" },
            { username: "sub", email: "email", email_verified: "email_verified", name: "name" },
          ),
        ]
      : []),
    ...(facebook
      ? [
          provider(
            "Facebook",
            "Facebook",
            facebook,
            { authorize_scopes: "public_profile,email", api_version: "v23.0" },
            { username: "id", email: "email", name: "name" },
          ),
        ]
      : []),
    ...(oidc
      ? [
          provider(
            oidc.name,
            "OIDC",
            oidc,
            {
              oidc_issuer: oidc.issuer,
              authorize_scopes: "openid email profile",
              attributes_request_method: "GET",
            },
            { username: "sub", email: "email", email_verified: "email_verified", name: "name" },
          ),
        ]
      : []),
  ];
}
