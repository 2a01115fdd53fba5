/** What is looked at in an alarm on one metric. */
export interface AlarmRule {
  readonly comparisonOperator: string;
  readonly threshold: number;
  /** Latest datapoints that are looked at. */
  readonly evaluationPeriods: number;
  /** How many of them must breach. */
  readonly datapointsToAlarm: number;
}

export interface AlarmState {
  readonly state: "ALARM" | "OK";
  readonly reason: string;
}

const comparisons: Readonly<Record<string, { readonly breaches: typeof greater; readonly words: string }>> = {
  GreaterThanThreshold: { breaches: greater, words: "greater than" },
  GreaterThanOrEqualToThreshold: { breaches: (a, b) => a >= b, words: "greater than or equal to" },
  LessThanThreshold: { breaches: (a, b) => a < b, words: "less than" },
  LessThanOrEqualToThreshold: { breaches: (a, b) => a <= b, words: "less than or equal to" },
};

function greater(value: number, threshold: number): boolean {
  return value > threshold;
}

/**
 * The state of an alarm that is OK or ALARM by its latest datapoints, oldest first; undefined while there are too few
 * to tell, and for operators of anomaly detection.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export function alarmState(datapoints: readonly number[], rule: AlarmRule): AlarmState | undefined {
  const comparison = comparisons[rule.comparisonOperator];
  if (!comparison) return undefined;
  const recent = datapoints.slice(-rule.evaluationPeriods);
  const breaching = recent.filter((value) => comparison.breaches(value, rule.threshold)).length;
  const isAlarm = breaching >= rule.datapointsToAlarm;
  if (!isAlarm && recent.length < rule.evaluationPeriods) return undefined;
  const counted = `${isAlarm ? breaching : recent.length - breaching} out of the last ${recent.length} datapoints`;
  const verb = isAlarm ? "were" : "were not";
  return {
    state: isAlarm ? "ALARM" : "OK",
    reason: `Threshold Crossed: ${counted} [${recent.join(", ")}] ${verb} ${comparison.words} the threshold (${rule.threshold}).`,
  };
}
