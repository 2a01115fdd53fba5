import type { PostConfirmationTriggerEvent, PreTokenGenerationV2TriggerEvent } from "aws-lambda";
import * as fc from "fast-check";
import { addClaims } from "../../../handlers/users/claims";
import { isName, profileSchema } from "../../../handlers/users/profile";
import { profileMaker } from "../../../handlers/users/profile-maker";
import { register } from "../../../handlers/users/register";
import { ann, profileTable } from "./user-cloud";

const confirmation = (
  userAttributes: Record<string, string>,
  clientMetadata?: Record<string, string>,
  triggerSource = "PostConfirmation_ConfirmSignUp",
) =>
  ({
    triggerSource,
    userName: "name-of-the-pool",
    request: { userAttributes, clientMetadata },
    response: {},
  }) as unknown as PostConfirmationTriggerEvent;

const attributes = { sub: "ann", email: "ann@photos.example" };

describe("a confirmed user", () => {
  test("gets a profile of what the pool and the sign-up tell", async () => {
    const table = profileTable();
    const event = confirmation(
      { ...attributes, name: " Ann ", phone_number: "+441632960000", phone_number_verified: "true" },
      { newsletter: "true" },
    );

    expect(await register(table.client)(event)).toBe(event);

    const [profile] = table.items();
    expect(profile).toEqual({
      ...ann,
      version: 1,
      registeredAt: expect.any(String),
    });
    expect(profileSchema().safeParse(profile).success).toBe(true);
  });

  test("wants no newsletter and no texts unless they say so", async () => {
    const table = profileTable();

    await register(table.client)(confirmation(attributes, { newsletter: "yes" }));

    expect(table.items()).toEqual([expect.objectContaining({ newsletter: false })]);
    expect(table.items()[0]).not.toHaveProperty("phone");
  });

  test.each<Record<string, string>>([
    { phone_number: "+441632960000" },
    { phone_number: "+441632960000", phone_number_verified: "false" },
  ])("gets no texts at a number that they have not shown to be theirs: %j", async (number) => {
    const table = profileTable();

    await register(table.client)(confirmation({ ...attributes, ...number }, { phone: "+441632960000" }));

    expect(table.items()[0]).not.toHaveProperty("phone");
  });

  test("who had a profile keeps it: the trigger may come twice", async () => {
    const table = profileTable();
    table.put(ann);

    await register(table.client)(confirmation(attributes));

    expect(table.items()).toEqual([ann]);
    expect(table.stream).toHaveLength(1);
  });

  test("who has only set a password anew gets none", async () => {
    const table = profileTable();

    await register(table.client)(confirmation(attributes, {}, "PostConfirmation_ConfirmForgotPassword"));

    expect(table.items()).toEqual([]);
  });

  test("is told to try again where the table fails, and not why", async () => {
    const { client } = profileTable();
    const broken = {
      ...client,
      PutItem: async () => {
        throw new Error("ThrottlingException");
      },
    };

    await expect(register(broken)(confirmation(attributes))).rejects.toThrow(
      "It did not work just now; try again in a moment.",
    );
  });
});

describe("who gave no name is called", () => {
  test.each([
    ["ann.bee@photos.example", "ann.bee"],
    ["ann+photos@photos.example", "ann"],
    ["+@photos.example", "Photographer"],
    ["a<b@photos.example", "Photographer"],
    ["", "Photographer"],
    [`${"x".repeat(64)}@photos.example`, "x".repeat(60)],
  ])("of %j %s", async (email, name) => {
    const table = profileTable();

    await profileMaker(table.client)("ann", { email }, {});

    expect(table.items()).toEqual([expect.objectContaining({ email, name })]);
  });

  test("something that is a name, whatever the pool tells", async () => {
    const text = fc.string({ unit: "binary", maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(text, fc.option(text, { nil: undefined }), async (email, name) => {
        const table = profileTable();

        await profileMaker(table.client)("ann", { email, name }, {});

        expect(isName(String(table.items()[0]?.name))).toBe(true);
      }),
    );
  });
});

describe("tokens", () => {
  const request = (groups?: string[]) =>
    ({
      userName: "name-of-the-pool",
      request: {
        userAttributes: attributes,
        groupConfiguration: { groupsToOverride: groups, iamRolesToOverride: [], preferredRole: "r" },
      },
      response: {},
    }) as unknown as PreTokenGenerationV2TriggerEvent;

  test("have the profile's name, and the groups of pool and profile, each once", async () => {
    const table = profileTable();
    table.put({ ...ann, groups: new Set(["editors", "admins"]) });

    const { response } = await addClaims(table.client)(request(["admins", "judges"]));

    expect(response).toEqual({
      claimsAndScopeOverrideDetails: {
        idTokenGeneration: { claimsToAddOrOverride: { name: "Ann" } },
        groupOverrideDetails: {
          groupsToOverride: ["admins", "judges", "editors"],
          iamRolesToOverride: [],
          preferredRole: "r",
        },
      },
    });
  });

  test("bring a new address to the profile, once the user has shown that it is theirs", async () => {
    const table = profileTable();
    table.put(ann);
    const requestWith = (userAttributes: Record<string, string>) => {
      const event = request();
      return { ...event, request: { ...event.request, userAttributes } };
    };
    const moved = { sub: "ann", email: "ann@new.example" };

    await addClaims(table.client)(requestWith({ ...moved, email_verified: "false" }));
    expect(table.items()).toEqual([ann]);
    await addClaims(table.client)(requestWith({ ...moved, email_verified: "true" }));
    await addClaims(table.client)(requestWith({ ...moved, email_verified: "true" }));

    expect(table.items()).toEqual([{ ...ann, email: "ann@new.example", version: ann.version + 1 }]);
  });

  test("of who is in no group have none", async () => {
    const table = profileTable();
    table.put(ann);

    const { response } = await addClaims(table.client)(request());

    expect(response.claimsAndScopeOverrideDetails?.groupOverrideDetails?.groupsToOverride).toEqual([]);
  });

  test("are made of the latest profile", async () => {
    const { client } = profileTable();
    const reads: unknown[] = [];
    const watched: typeof client = {
      ...client,
      GetItem: async (input) => {
        reads.push(input);
        return client.GetItem(input);
      },
    };

    await addClaims(watched)(request());

    expect(reads).toEqual([{ Key: { user: { S: "ann" } }, ConsistentRead: true }]);
  });

  test("of who has no profile are as they were, and there is one from then on", async () => {
    const table = profileTable();
    const event = request(["admins"]);

    expect(await addClaims(table.client)(event)).toBe(event);

    expect(table.items()).toEqual([expect.objectContaining({ user: "ann", name: "ann", version: 1 })]);
  });

  test("are refused to who has asked for the account to go", async () => {
    const table = profileTable();
    table.put({ ...ann, removedAt: "2026-02-03T04:05:06.000Z" });

    await expect(addClaims(table.client)(request())).rejects.toThrow("The account is being removed.");
  });
});
