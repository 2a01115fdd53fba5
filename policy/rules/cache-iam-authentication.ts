import { User } from "@pulumi/aws/elasticache/user";
import { documentation } from "../reference";
import { resourceRule } from "../rule";

export const cacheIamAuthentication = resourceRule({
  name: "cache-iam-authentication",
  description: "Users of caches log in by IAM: there is no password to keep, to rotate or to lose.",
  severity: "high",
  reference: documentation("https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html"),
  remediation:
    'Set authenticationMode to { type: "iam" } and allow functions elasticache:Connect on the cache and the user.',
  type: User,
  check: ({ authenticationMode, noPasswordRequired }, report) => {
    const type = noPasswordRequired ? "no-password-required" : (authenticationMode?.type ?? "password");
    if (type === "no-password-required") report("lets in anyone by its name");
    else if (type !== "iam") report("logs in by a password");
  },
});
