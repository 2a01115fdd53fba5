import * as fc from "fast-check";
import { type AlarmRule, alarmState } from "../../../local/completions/alarm-state";

const above0: AlarmRule = {
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
};

test.each<[string, number[], string | undefined]>([
  ["nothing is known", [], undefined],
  ["too few datapoints tell", [0, 0], undefined],
  ["enough breach, however few there are", [1, 1], "ALARM"],
  ["enough of the last breach", [0, 2, 0, 2], "ALARM"],
  ["those that breach are too old", [2, 2, 0, 0, 0], "OK"],
  ["one breaches, two are asked for", [9, 0, 0, 1], "OK"],
])("%s", (_what, datapoints, state) => {
  expect(alarmState(datapoints, above0)?.state).toBe(state);
});

test.each([
  ["GreaterThanThreshold", [false, false, true]],
  ["GreaterThanOrEqualToThreshold", [false, true, true]],
  ["LessThanThreshold", [true, false, false]],
  ["LessThanOrEqualToThreshold", [true, true, false]],
])("%s", (comparisonOperator, expected) => {
  const rule = { comparisonOperator, threshold: 5, evaluationPeriods: 1, datapointsToAlarm: 1 };

  expect([4, 5, 6].map((value) => alarmState([value], rule)?.state === "ALARM")).toEqual(expected);
});

test("an operator of anomaly detection is not judged", () => {
  expect(alarmState([1], { ...above0, comparisonOperator: "GreaterThanUpperThreshold" })).toBeUndefined();
});

test("the reason tells what was looked at", () => {
  expect(alarmState([0, 4, 7], above0)?.reason).toBe(
    "Threshold Crossed: 2 out of the last 3 datapoints [0, 4, 7] were greater than the threshold (0).",
  );
});

test("only the latest datapoints count", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3)),
      fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
      (before, recent) => {
        expect(alarmState([...before, ...recent], above0)).toEqual(alarmState(recent, above0));
      },
    ),
  );
});
