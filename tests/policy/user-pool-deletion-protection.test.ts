import { UserPool } from "@pulumi/aws/cognito/userPool";
import { Table } from "@pulumi/aws/dynamodb/table";
import { userPoolDeletionProtection } from "../../policy/rules/user-pool-deletion-protection";
import { given, judgeStack, unknown } from "./judge";

const photos = given(Table, "photos", { deletionProtectionEnabled: true });
const pool = (props: object) => given(UserPool, "users", props);

describe("user-pool-deletion-protection", () => {
  test.each([{}, { deletionProtection: "INACTIVE" }])("refuses %j where a table is protected", (props) => {
    expect(judgeStack(userPoolDeletionProtection, [photos, pool(props)])).toEqual({
      users: [
        `'users' can be deleted with its users, and 'photos' cannot. Set deletionProtection to "ACTIVE".`,
      ],
    });
  });

  test.each([
    ["that is protected", [photos, pool({ deletionProtection: "ACTIVE" })]],
    ["of which that is not known", [photos, pool({ deletionProtection: unknown })]],
    ["where nothing is protected", [given(Table, "photos", { deletionProtectionEnabled: false }), pool({})]],
    ["where it is not known", [given(Table, "photos", { deletionProtectionEnabled: unknown }), pool({})]],
    ["where no table is", [pool({})]],
  ])("lets a pool pass %s", (_, stack) => {
    expect(judgeStack(userPoolDeletionProtection, stack)).toEqual({});
  });

  test("says nothing of a pool that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { users: "copied here anew each night" } };

    // Act
    const messages = judgeStack(userPoolDeletionProtection, [photos, pool({})], config);

    // Assess
    expect(messages).toEqual({});
  });
});
