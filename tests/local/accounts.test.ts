import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { campaigns } from "./accounts/campaigns";
import { erasure } from "./accounts/erasure";
import { federation } from "./accounts/federation";
import { partners } from "./accounts/partners";
import { findSecrets, plantedSecrets } from "./accounts/planted-secrets";
import { users } from "./accounts/users";
import { webhooks } from "./accounts/webhooks";
import { type RunningCloud, startCloud } from "./local-cloud";

let cloud: RunningCloud;
const state = fs.mkdtempSync(path.join(os.tmpdir(), "gallery-accounts-"));
beforeAll(async () => {
  cloud = await startCloud(["--keep"], state);
}, 180_000);
afterAll(async () => {
  await cloud?.stop();
  fs.rmSync(state, { recursive: true, force: true });
}, 60_000);

describe("users", () => users(() => cloud));
describe("partners", () => partners(() => cloud));
describe("sign-in with another provider", () => federation(() => cloud));
describe("webhooks of the mail service", () => webhooks(() => cloud));
describe("campaigns", () => campaigns(() => cloud));
describe("a deleted account", () => erasure(() => cloud));

// Last, so that it looks at all that the others have left.
test("no secret is in an artefact, an environment, a log line, a record or a state file", async () => {
  const secrets = await plantedSecrets(cloud);

  expect([...secrets.keys()].sort()).toEqual(
    [
      "gallery/dev/mail-signing AWSCURRENT",
      "gallery/dev/mail-signing AWSPREVIOUS",
      "/gallery/dev/mail-api-key",
      "/gallery/dev/oidc-client-secret",
      "the database's password",
    ].sort(),
  );
  expect(await findSecrets(cloud, secrets)).toEqual([]);
});
