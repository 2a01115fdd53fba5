import {
  GetConfigurationSetCommand,
  ListTagsForResourceCommand,
  SESv2Client,
  SendEmailCommand,
} from "@aws-sdk/client-sesv2";
import type * as aws from "@pulumi/aws";
import { sesv2 } from "../../../local/aws/sesv2";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(sesv2);
});

afterAll(() => stack.stop());

const client = () => stack.cloud.client(SESv2Client);

const createIdentity = (inputs: Inputs<aws.sesv2.EmailIdentityArgs>) =>
  stack.create<aws.sesv2.EmailIdentityArgs>("aws:sesv2/emailIdentity:EmailIdentity", inputs);

const send = (FromEmailAddress: string) =>
  client().send(
    new SendEmailCommand({
      FromEmailAddress,
      Destination: { ToAddresses: ["ada@example.org"] },
      Content: { Simple: { Subject: { Data: "Hello" }, Body: { Text: { Data: "Welcome" } } } },
    }),
  );

test.each([
  ["domain", "life.example", "Gallery <hello@life.example>", "DOMAIN"],
  ["address", "post@there.example", "post@there.example", "EMAIL_ADDRESS"],
])("an identity of a %s lets mail be sent as long as it lives", async (_, emailIdentity, from, type) => {
  // Prepare
  await expect(send(from)).rejects.toThrow("not verified");
  const identity = await createIdentity({ emailIdentity, tags: { a: "1", b: "2" } });

  // Act
  const { MessageId } = await send(from);
  await identity.update({ tags: { b: "3" } });
  const ResourceArn = String(identity.outputs.arn);
  const { Tags } = await client().send(new ListTagsForResourceCommand({ ResourceArn }));
  const present = await identity.read();
  await identity.delete();
  await identity.delete();

  // Assess
  expect(identity).toMatchObject({
    id: emailIdentity,
    outputs: {
      arn: `arn:aws:ses:us-east-1:000000000000:identity/${emailIdentity}`,
      identityType: type,
      verifiedForSendingStatus: true,
    },
  });
  expect(MessageId).toMatch(/./);
  expect(Tags).toEqual([{ Key: "b", Value: "3" }]);
  expect(present).toMatchObject({ verificationStatus: "SUCCESS" });
  expect(await identity.read()).toBeUndefined();
  await expect(send(from)).rejects.toThrow("not verified");
});

test("a configuration set lives from creation to deletion", async () => {
  // Prepare
  const set = await stack.create<aws.sesv2.ConfigurationSetArgs>(
    "aws:sesv2/configurationSet:ConfigurationSet",
    { configurationSetName: "mail", deliveryOptions: { tlsPolicy: "REQUIRE" } },
  );

  // Act
  const get = new GetConfigurationSetCommand({ ConfigurationSetName: "mail" });
  const created = await client().send(get);
  const present = await set.read();
  await set.delete();
  await set.delete();

  // Assess
  expect(set).toMatchObject({
    id: "mail",
    outputs: { arn: "arn:aws:ses:us-east-1:000000000000:configuration-set/mail" },
  });
  expect(created.DeliveryOptions).toMatchObject({ TlsPolicy: "REQUIRE" });
  expect(present).toEqual({});
  expect(await set.read()).toBeUndefined();
});
