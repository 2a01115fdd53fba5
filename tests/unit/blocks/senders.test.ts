import { EmailSender, InvalidSender } from "../../../components/email-sender";
import { LambdaFunction } from "../../../components/function";
import { textSender } from "../../../components/text-sender";
import { evaluate, only } from "../program";
import { statementsOf } from "./statements";

const identityOf = async (from: string) => {
  const graph = await evaluate(() => {
    new EmailSender("mail", { from });
    return {};
  });
  return only(graph, "aws:sesv2/emailIdentity:EmailIdentity", "mail").inputs.emailIdentity;
};

test.each([
  ["hello@photos.example", "photos.example"],
  ["Gallery <hello@photos.example>", "photos.example"],
  ["<hello@mail.photos.example>", "mail.photos.example"],
  ["Gallery, of Photos <hello+us@photos.xn--p1ai>", "photos.xn--p1ai"],
])("the identity of %s is its domain", async (from, domain) => {
  expect(await identityOf(from)).toBe(domain);
});

test.each([
  "",
  "photos.example",
  "hello@",
  "hello@localhost",
  "hello@photos.example>",
  "Gallery <hello@photos.example",
  "Gallery <hello@photos.example> and more",
  "Gallery hello@photos.example",
  "Gallery <a@photos.example>, Eve <b@evil.example>",
  "Gallery\r\nBcc: eve@evil.example <hello@photos.example>",
])("from %j is refused by name, before any resource", async (from) => {
  const attempt = evaluate(() => {
    new EmailSender("mail", { from });
    return {};
  });

  await expect(attempt).rejects.toThrow(InvalidSender);
  await expect(attempt).rejects.toThrow(
    `mail: from is ${JSON.stringify(from)}; it must be "Name <address@domain>"`,
  );
});

test("who sends mails may send in the sender's name", async () => {
  const graph = await evaluate(() => {
    const { sdk } = new EmailSender("mail", { from: "Gallery <hello@photos.example>" });
    const mail = { to: "ann@photos.example", subject: "s", text: "t", html: "h" };
    new LambdaFunction("greet", { handler: async () => sdk.SendEmail(mail) });
    return {};
  });

  expect(statementsOf(graph, "greet")).toEqual([
    { Effect: "Allow", Action: ["ses:SendEmail"], Resource: "arn:aws:sesv2:eu-west-1:123456789012:mail" },
  ]);
});

test("who sends texts may publish to numbers, which have no ARN, and to no topic", async () => {
  const graph = await evaluate(() => {
    const texts = textSender();
    new LambdaFunction("greet", {
      handler: async () => texts.SendText({ to: "+441632960000", text: "Hello" }),
    });
    return {};
  });

  expect(statementsOf(graph, "greet")).toEqual([
    { Effect: "Allow", Action: ["sns:Publish"], NotResource: "arn:aws:sns:*:*:*" },
  ]);
});
