import { noSecretInConfiguration } from "../../policy/rules/no-secret-in-configuration";
import { configure } from "./configure";
import { judgeStack } from "./judge";

describe("no-secret-in-configuration", () => {
  test("is silent under an engine which tells no configuration", () => {
    expect(judgeStack(noSecretInConfiguration, [])).toEqual({});
  });

  test("refuses a secret in plain configuration, and does not show it", () => {
    // Prepare
    configure({ "gallery:mailApiKey": "hunter2-hunter2", "aws:region": "eu-west-1" });

    // Act
    const messages = judgeStack(noSecretInConfiguration, []);

    // Assess
    expect(messages).toEqual({
      "the stack": [
        expect.stringMatching(/^'gallery:mailApiKey' has a literal under a secret's name in .*--secret/),
      ],
    });
    expect(JSON.stringify(messages)).not.toContain("hunter2");
  });

  test("looks into structured values", () => {
    // Prepare
    const providers = { google: { clientId: "gallery", clientSecret: "hunter2-hunter2" } };
    configure({ "gallery:providers": JSON.stringify(providers), "gallery:note": "[not JSON" });

    // Act
    const messages = judgeStack(noSecretInConfiguration, []);

    // Assess
    expect(messages).toEqual({
      "the stack": [expect.stringContaining("in 'gallery:providers.google.clientSecret', unencrypted")],
    });
  });

  test("lets encrypted values pass, and an exempted key", () => {
    // Prepare
    configure({ "gallery:mailApiKey": "hunter2", "gallery:demoPassword": "hunter2" }, ["gallery:mailApiKey"]);

    // Act
    const messages = judgeStack(noSecretInConfiguration, [], {
      exempt: { "gallery:demoPassword": "printed on the front page" },
    });

    // Assess
    expect(messages).toEqual({});
  });
});
