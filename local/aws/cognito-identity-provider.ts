import {
  CognitoIdentityProviderClient,
  CreateIdentityProviderCommand,
  DeleteIdentityProviderCommand,
  DescribeIdentityProviderCommand,
  UpdateIdentityProviderCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type * as aws from "@pulumi/aws";
import { type Inputs, resource } from "../engine/resource";
import { createAnew, ifPresent } from "./faults";
import { request } from "./request";

type ProviderInputs = Inputs<aws.cognito.IdentityProviderArgs>;

function providerKey({ userPoolId: UserPoolId, providerName: ProviderName }: ProviderInputs) {
  return { UserPoolId, ProviderName };
}

/** The settings that creation and update both take, never left out: an update is to undo what is no longer given. */
function providerSettings(inputs: ProviderInputs) {
  return {
    ...providerKey(inputs),
    AttributeMapping: inputs.attributeMapping ?? {},
    IdpIdentifiers: inputs.idpIdentifiers ?? [],
    ProviderDetails: inputs.providerDetails,
  };
}

/** Another place to sign in at: Google, Facebook, or whoever speaks OIDC or SAML. */
export const identityProvider = resource<aws.cognito.IdentityProviderArgs>({
  replaceOn: ["userPoolId", "providerName", "providerType"],
  outputs: (_id, inputs) => ({ attributeMapping: inputs.attributeMapping ?? {} }),
  async create(inputs, cloud) {
    const cognito = cloud.client(CognitoIdentityProviderClient);
    const create = new CreateIdentityProviderCommand(
      request({ ...providerSettings(inputs), ProviderType: inputs.providerType }),
    );
    await createAnew(
      () => cognito.send(create),
      () => cognito.send(new DeleteIdentityProviderCommand(providerKey(inputs))),
    );
    return { id: `${inputs.userPoolId}:${inputs.providerName}` };
  },
  async read(_id, inputs, cloud) {
    const describe = new DescribeIdentityProviderCommand(providerKey(inputs));
    return (await ifPresent(cloud.client(CognitoIdentityProviderClient).send(describe))) && {};
  },
  async update(_id, inputs, _old, cloud) {
    const update = new UpdateIdentityProviderCommand(providerSettings(inputs));
    await cloud.client(CognitoIdentityProviderClient).send(update);
    return {};
  },
  async delete(_id, inputs, cloud) {
    const remove = new DeleteIdentityProviderCommand(providerKey(inputs));
    await ifPresent(cloud.client(CognitoIdentityProviderClient).send(remove));
  },
});
