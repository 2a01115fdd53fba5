import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface UserPoolArgs {
  /**
   * Let a client send the password itself (`USER_PASSWORD_AUTH`), as a command line does; otherwise only
   * Secure Remote Password. @default false
   */
  readonly passwordSignIn?: boolean;
  /** Refuse to delete the pool with its users. @default false */
  readonly deletionProtection?: boolean;
}

/** Cognito users who sign in with their email address, and the client of the web application. */
export class UserPool extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  /** Who issues the pool's tokens: `iss` in each. */
  readonly issuer: pulumi.Output<string>;
  readonly nodes: { readonly userPool: aws.cognito.UserPool; readonly client: aws.cognito.UserPoolClient };

  constructor(name: string, args: UserPoolArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:identity:UserPool", name, {}, opts);
    const parent = { parent: this };
    const userPool = new aws.cognito.UserPool(
      name,
      {
        usernameAttributes: ["email"],
        autoVerifiedAttributes: ["email"],
        usernameConfiguration: { caseSensitive: false },
        accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
        passwordPolicy: {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
          temporaryPasswordValidityDays: 3,
        },
        deletionProtection: args.deletionProtection ? "ACTIVE" : "INACTIVE",
      },
      parent,
    );
    const client = new aws.cognito.UserPoolClient(
      `${name}-web`,
      {
        userPoolId: userPool.id,
        // A browser cannot keep a secret.
        generateSecret: false,
        explicitAuthFlows: [
          "ALLOW_USER_SRP_AUTH",
          "ALLOW_REFRESH_TOKEN_AUTH",
          ...(args.passwordSignIn ? ["ALLOW_USER_PASSWORD_AUTH"] : []),
        ],
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
        accessTokenValidity: 60,
        idTokenValidity: 60,
        refreshTokenValidity: 30,
        tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
      },
      parent,
    );
    this.id = userPool.id;
    this.arn = userPool.arn;
    this.clientId = client.id;
    this.issuer = pulumi.interpolate`https://${userPool.endpoint}`;
    this.nodes = { userPool, client };
    this.registerOutputs({ id: this.id, clientId: this.clientId });
  }
}
