/**
 * What an artefact has in place of the SDK's chain of credential providers, a third of its size: Lambda gives a
 * function its credentials in the environment, where the chain looks first.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";
