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

describe("counting", () => counting(() => cloud));
describe("serving", () => serving(() => cloud));
