import { IdentityProvider } from "@pulumi/aws/cognito/identityProvider";
import { identityProviderSecret } from "../../policy/rules/identity-provider-secret";
import { configure } from "./configure";
import { judge, unknown } from "./judge";

const details = (secret: object) => ({ providerDetails: { client_id: "gallery", ...secret } });

describe("identity-provider-secret", () => {
  beforeEach(() =>
    configure({ "gallery:google": JSON.stringify(["hunter2"]), "gallery:facebook": "swordfish" }, [
      "gallery:facebook",
    ]),
  );
  afterEach(() => configure({}));

  test.each(["client_secret", "private_key"])("refuses a %s that the stack's file shows", (property) => {
    // Act
    const messages = judge(identityProviderSecret, IdentityProvider, details({ [property]: "hunter2" }));

    // Assess
    expect(messages).toEqual([
      expect.stringContaining(`'subject' has its ${property} from 'gallery:google.0', which`),
    ]);
    expect(messages.join()).not.toContain("hunter2");
  });

  test.each([
    ["its secret is kept encrypted", details({ client_secret: "swordfish" })],
    ["its secret is of another place", details({ client_secret: "open sesame" })],
    ["its secret is not known", details({ client_secret: unknown })],
    ["its details are not known", { providerDetails: unknown }],
    ["it has none, as of SAML", details({})],
    ["what the file shows is no secret", { providerDetails: { client_id: "hunter2" } }],
  ])("lets a provider pass when %s", (_, props) => {
    expect(judge(identityProviderSecret, IdentityProvider, props)).toEqual([]);
  });

  test("says nothing of a provider that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { subject: "a provider for tests alone" } };

    // Act
    const messages = judge(
      identityProviderSecret,
      IdentityProvider,
      details({ client_secret: "hunter2" }),
      config,
    );

    // Assess
    expect(messages).toEqual([]);
  });
});
