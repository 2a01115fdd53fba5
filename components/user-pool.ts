import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Additions } from "./additions";
import type { Handler } from "./closure/capture";
import type { EmailSender } from "./email-sender";
import { type FunctionOptions, LambdaFunction } from "./function";
import { type IdentityProviders, identityProvidersOf } from "./identity-providers";
import { bind } from "./sdk/bind";
import { type UserPoolClient, userPoolMethods } from "./sdk/cognito";
import { type TriggerEvents, type TriggerName, triggersOf } from "./user-pool-triggers";

export interface UserPoolArgs {
  /**
   * Let a client send the password itself (`USER_PASSWORD_AUTH`), as a command line does; otherwise only
   * Secure Remote Password. @default false
   */
  readonly passwordSignIn?: boolean;
  /** One-time passwords of an authenticator app (TOTP) beside the password. @default "optional" */
  readonly mfa?: "off" | "optional" | "required";
  /** Refuse risky sign-ins and leaked passwords; AWS asks a price per user for it (Plus). @default false */
  readonly threatProtection?: boolean;
  /** Refuse to delete the pool with its users. @default false */
  readonly deletionProtection?: boolean;
  /** Name → what its members are. @default none */
  readonly groups?: Readonly<Record<string, string>>;
  /** Where others vouch for users. @default none */
  readonly identityProviders?: IdentityProviders;
  /** Sends the pool's mails once SES has verified its domain. @default Cognito's own sender, at most 50 mails a day */
  readonly sender?: EmailSender;
  /** Pages of the web application that sign-in leads back to; without one, it has no pages of Cognito's. */
  readonly callbackUrls?: readonly string[];
  /** Pages that sign-out leads to. */
  readonly logoutUrls?: readonly string[];
  readonly tokens?: {
    /** Of access and id tokens, 5–1440. @default 60 */
    readonly validMinutes?: number;
    /** Of refresh tokens, 1–3650. @default 30 */
    readonly refreshDays?: number;
  };
}

/** Cognito users who sign in with their email address, and the client of the web application. */
export class UserPool extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  /** Who issues the pool's tokens: `iss` in each. */
  readonly issuer: pulumi.Output<string>;
  /** Prefix of the domain of Cognito's own pages, `https://<prefix>.auth.<region>.amazoncognito.com`. */
  readonly signInDomain: pulumi.Output<string>;
  readonly sdk: UserPoolClient;
  readonly nodes: {
    readonly userPool: aws.cognito.UserPool;
    readonly client: aws.cognito.UserPoolClient;
    readonly domain: aws.cognito.UserPoolDomain;
  };
  private readonly triggers: Additions<{
    readonly trigger: TriggerName;
    readonly arn: pulumi.Output<string>;
  }>;

  constructor(
    private readonly logicalName: string,
    args: UserPoolArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("gallery:identity:UserPool", logicalName, {}, opts);
    const parent = { parent: this };
    this.triggers = new Additions(`the user pool ${logicalName}`);
    const triggers = this.triggers.all();
    const userPool = createUserPool();
    const providers = identityProvidersOf(logicalName, userPool, args.identityProviders ?? {}, parent);
    const client = createClient();
    const domain = createDomain();
    for (const [group, description] of Object.entries(args.groups ?? {})) {
      new aws.cognito.UserGroup(
        `${logicalName}-${group}`,
        { userPoolId: userPool.id, name: group, description },
        parent,
      );
    }

    this.id = userPool.id;
    this.arn = userPool.arn;
    this.clientId = client.id;
    this.issuer = pulumi.interpolate`https://${userPool.endpoint}`;
    this.signInDomain = domain.domain;
    this.sdk = bind(userPoolMethods, {
      owner: `user pool "${logicalName}"`,
      name: logicalName,
      arn: userPool.arn,
      target: { UserPoolId: userPool.id, ClientId: client.id },
    });
    this.nodes = { userPool, client, domain };
    this.registerOutputs({ id: this.id, clientId: this.clientId });

    function createUserPool() {
      const { mfa = "optional" } = args;
      return new aws.cognito.UserPool(
        logicalName,
        {
          usernameAttributes: ["email"],
          autoVerifiedAttributes: ["email"],
          userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
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
          mfaConfiguration: { off: "OFF", optional: "OPTIONAL", required: "ON" }[mfa],
          softwareTokenMfaConfiguration: mfa === "off" ? undefined : { enabled: true },
          userPoolTier: args.threatProtection ? "PLUS" : "ESSENTIALS",
          userPoolAddOns: { advancedSecurityMode: args.threatProtection ? "ENFORCED" : "OFF" },
          emailConfiguration: args.sender && {
            emailSendingAccount: "DEVELOPER",
            fromEmailAddress: args.sender.from,
            sourceArn: args.sender.nodes.identity.arn,
          },
          deletionProtection: args.deletionProtection ? "ACTIVE" : "INACTIVE",
          lambdaConfig: triggers.then(triggersOf),
        },
        parent,
      );
    }

    function createClient() {
      const { passwordSignIn, callbackUrls = [], logoutUrls = [], tokens = {} } = args;
      const { validMinutes = 60, refreshDays = 30 } = tokens;
      return new aws.cognito.UserPoolClient(
        `${logicalName}-web`,
        {
          userPoolId: userPool.id,
          // A browser cannot keep a secret.
          generateSecret: false,
          explicitAuthFlows: [
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
            ...(passwordSignIn ? ["ALLOW_USER_PASSWORD_AUTH"] : []),
          ],
          // The code flow, which for a client without a secret asks for PKCE of those who want to be safe.
          ...(callbackUrls.length > 0 && {
            allowedOauthFlowsUserPoolClient: true,
            allowedOauthFlows: ["code"],
            allowedOauthScopes: ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
            callbackUrls: [...callbackUrls],
            logoutUrls: [...logoutUrls],
            supportedIdentityProviders: ["COGNITO", ...providers.map(({ providerName }) => providerName)],
          }),
          preventUserExistenceErrors: "ENABLED",
          enableTokenRevocation: true,
          accessTokenValidity: validMinutes,
          idTokenValidity: validMinutes,
          refreshTokenValidity: refreshDays,
          tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
        },
        parent,
      );
    }

    function createDomain() {
      return new aws.cognito.UserPoolDomain(
        `${logicalName}-domain`,
        {
          userPoolId: userPool.id,
          domain: userPool.id.apply((id) => domainPrefix(pulumi.getProject(), pulumi.getStack(), id)),
        },
        parent,
      );
    }
  }

  /**
   * Calls the handler at a step of sign-up or sign-in. Cognito waits 5 s for its answer, the event with a `response`;
   * an error's message is shown to the user.
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
   */
  on<T extends TriggerName>(
    trigger: T,
    handler: Handler<TriggerEvents[T], TriggerEvents[T]>,
    options: FunctionOptions = {},
  ): LambdaFunction<TriggerEvents[T], TriggerEvents[T]> {
    const name = `${this.logicalName}-${trigger.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    this.triggers.checkOpen(name, "on");
    const parent = { parent: this };
    const fn = new LambdaFunction(name, { timeoutSeconds: 5, ...options, handler }, parent);
    new aws.lambda.Permission(
      `${name}-permission`,
      {
        action: "lambda:InvokeFunction",
        function: fn.name,
        principal: "cognito-idp.amazonaws.com",
        sourceArn: this.arn,
      },
      parent,
    );
    this.triggers.add({ trigger, arn: fn.arn });
    return fn;
  }
}

/**
 * A prefix that nobody else in the region has: of the pool's id, which is so, but may have letters that a prefix may not,
 * or one of the words that AWS keeps for itself.
 */
export function domainPrefix(project: string, stack: string, poolId: string): string {
  const own = createHash("sha256").update(poolId).digest("hex").slice(0, 12);
  const readable = `${project}-${stack}`
    .toLowerCase()
    // Not nothing instead: what was around such a word could be one together.
    .replace(/aws|amazon|cognito/g, "-")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 50);
  return readable === "" ? own : `${readable}-${own}`;
}
