import { photos } from "./gallery/photos";
import { pictureLife } from "./gallery/picture-life";
import { counting } from "./insights/counting";
import { serving } from "./insights/serving";
import { type RunningCloud, startCloud } from "./local-cloud";

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startCloud([]);
}, 180_000);
afterAll(async () => {
  await cloud?.stop();
}, 60_000);

// First, since it looks at every call that the service of photos has made, of which pictures cause more.
describe("photos", () => photos(() => cloud));
describe("pictures", () => pictureLife(() => cloud));
describe("counting views", () => counting(() => cloud));
describe("serving what was counted", () => serving(() => cloud));
