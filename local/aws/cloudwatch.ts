import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  type MetricDataQuery,
  PutCompositeAlarmCommand,
  type PutCompositeAlarmCommandInput,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, type Place, resource, type ServiceTable } from "../engine/resource";
import { ifPresent, refuse } from "./faults";
import { type Fields, nameOf, request } from "./request";
import { retag, type Tags, tagList } from "./tags";

function alarmArn(name: string, { region, account }: Place): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
}

async function isAlarm(AlarmName: string, cloud: Cloud): Promise<boolean> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloud
    .client(CloudWatchClient)
    .send(
      new DescribeAlarmsCommand({ AlarmNames: [AlarmName], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
    );
  return MetricAlarms.length + CompositeAlarms.length > 0;
}

async function deleteAlarm(AlarmName: string, cloud: Cloud): Promise<void> {
  const remove = new DeleteAlarmsCommand({ AlarmNames: [AlarmName] });
  await ifPresent(cloud.client(CloudWatchClient).send(remove));
}

/** CloudWatch takes the tags of an alarm only with its creation. */
async function retagAlarm(name: string, tags: Tags | undefined, old: Tags | undefined, cloud: Cloud) {
  const cloudwatch = cloud.client(CloudWatchClient);
  const ResourceARN = alarmArn(name, cloud);
  await retag(tags, old, {
    tag: (changed) => cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags: tagList(changed) })),
    untag: (TagKeys) => cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys })),
  });
}

/** Actions as ARNs; the program may have passed a topic itself, whose id that is. */
function actions(of: readonly unknown[] | undefined): string[] {
  return of?.map(String) ?? [];
}

function dimensions(of: Record<string, string> | undefined) {
  return of && Object.entries(of).map(([Name, Value]) => ({ Name, Value }));
}

type MetricAlarm = Inputs<aws.cloudwatch.MetricAlarmArgs>;

function metricQuery(query: NonNullable<MetricAlarm["metricQueries"]>[number]) {
  const { metric } = query;
  return {
    AccountId: query.accountId,
    Expression: query.expression,
    Id: query.id,
    Label: query.label,
    MetricStat: metric && {
      Metric: {
        Dimensions: dimensions(metric.dimensions),
        MetricName: metric.metricName,
        Namespace: metric.namespace,
      },
      Period: metric.period,
      Stat: metric.stat,
      Unit: metric.unit,
    },
    Period: query.period,
    ReturnData: query.returnData ?? false,
  } satisfies Fields<MetricDataQuery>;
}

// The emulator keeps no metric queries: such an alarm never changes its state.
function metricAlarmSettings(inputs: MetricAlarm) {
  return {
    AlarmName: inputs.name,
    ActionsEnabled: inputs.actionsEnabled ?? true,
    AlarmActions: actions(inputs.alarmActions),
    AlarmDescription: inputs.alarmDescription,
    ComparisonOperator: inputs.comparisonOperator,
    DatapointsToAlarm: inputs.datapointsToAlarm,
    Dimensions: dimensions(inputs.dimensions),
    EvaluateLowSampleCountPercentile: inputs.evaluateLowSampleCountPercentiles,
    EvaluationPeriods: inputs.evaluationPeriods,
    ExtendedStatistic: inputs.extendedStatistic,
    InsufficientDataActions: actions(inputs.insufficientDataActions),
    MetricName: inputs.metricName,
    Metrics: inputs.metricQueries?.map(metricQuery),
    Namespace: inputs.namespace,
    OKActions: actions(inputs.okActions),
    Period: inputs.period,
    Statistic: inputs.statistic,
    Threshold: inputs.threshold,
    ThresholdMetricId: inputs.thresholdMetricId,
    TreatMissingData: inputs.treatMissingData ?? "missing",
    Unit: inputs.unit,
  } satisfies Fields<PutMetricAlarmCommandInput>;
}

const metricAlarm = resource<aws.cloudwatch.MetricAlarmArgs>({
  nameProperty: "name",
  replaceOn: ["name"],
  outputs: (id, inputs, place) => ({
    arn: alarmArn(id, place),
    actionsEnabled: inputs.actionsEnabled ?? true,
    treatMissingData: inputs.treatMissingData ?? "missing",
  }),
  async create(inputs, cloud) {
    refuse(
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      inputs,
      ["evaluationCriteria", "evaluationInterval", "warmUpConfiguration"],
      "It evaluates metrics only: name one, with a statistic and a period.",
    );
    const Tags = tagList(inputs.tags);
    const put = new PutMetricAlarmCommand(request({ ...metricAlarmSettings(inputs), Tags }));
    await cloud.client(CloudWatchClient).send(put);
    return { id: nameOf(inputs) };
  },
  async read(id, _inputs, cloud) {
    return (await isAlarm(id, cloud)) ? {} : undefined;
  },
  async update(id, inputs, old, cloud) {
    const put = new PutMetricAlarmCommand(request(metricAlarmSettings(inputs)));
    await cloud.client(CloudWatchClient).send(put);
    await retagAlarm(id, inputs.tags, old.tags, cloud);
    return {};
  },
  delete: (id, _inputs, cloud) => deleteAlarm(id, cloud),
});

function compositeAlarmSettings(inputs: Inputs<aws.cloudwatch.CompositeAlarmArgs>) {
  const { actionsSuppressor: suppressor } = inputs;
  return {
    AlarmName: inputs.alarmName,
    ActionsEnabled: inputs.actionsEnabled ?? true,
    ActionsSuppressor: suppressor?.alarm,
    ActionsSuppressorExtensionPeriod: suppressor?.extensionPeriod,
    ActionsSuppressorWaitPeriod: suppressor?.waitPeriod,
    AlarmActions: actions(inputs.alarmActions),
    AlarmDescription: inputs.alarmDescription,
    AlarmRule: inputs.alarmRule,
    InsufficientDataActions: actions(inputs.insufficientDataActions),
    OKActions: actions(inputs.okActions),
  } satisfies Fields<PutCompositeAlarmCommandInput>;
}

const compositeAlarm = resource<aws.cloudwatch.CompositeAlarmArgs>({
  replaceOn: ["alarmName", "actionsEnabled"],
  outputs: (_id, inputs, place) => ({
    arn: alarmArn(inputs.alarmName, place),
    actionsEnabled: inputs.actionsEnabled ?? true,
  }),
  async create(inputs, cloud) {
    const Tags = tagList(inputs.tags);
    const put = new PutCompositeAlarmCommand(request({ ...compositeAlarmSettings(inputs), Tags }));
    await cloud.client(CloudWatchClient).send(put);
    return { id: inputs.alarmName };
  },
  async read(id, _inputs, cloud) {
    return (await isAlarm(id, cloud)) ? {} : undefined;
  },
  async update(id, inputs, old, cloud) {
    const put = new PutCompositeAlarmCommand(request(compositeAlarmSettings(inputs)));
    await cloud.client(CloudWatchClient).send(put);
    await retagAlarm(id, inputs.tags, old.tags, cloud);
    return {};
  },
  delete: (id, _inputs, cloud) => deleteAlarm(id, cloud),
});

async function putDashboard(inputs: Inputs<aws.cloudwatch.DashboardArgs>, cloud: Cloud): Promise<void> {
  const { dashboardName: DashboardName, dashboardBody: DashboardBody } = inputs;
  await cloud.client(CloudWatchClient).send(new PutDashboardCommand({ DashboardName, DashboardBody }));
}

const dashboard = resource<aws.cloudwatch.DashboardArgs>({
  replaceOn: ["dashboardName"],
  // Dashboards are of all regions.
  outputs: (_id, { dashboardName }, { account }) => ({
    dashboardArn: `arn:aws:cloudwatch::${account}:dashboard/${dashboardName}`,
  }),
  async create(inputs, cloud) {
    await putDashboard(inputs, cloud);
    return { id: inputs.dashboardName };
  },
  async read(id, _inputs, cloud) {
    const get = new GetDashboardCommand({ DashboardName: id });
    return (await ifPresent(cloud.client(CloudWatchClient).send(get))) && {};
  },
  async update(_id, inputs, _old, cloud) {
    await putDashboard(inputs, cloud);
    return {};
  },
  async delete(id, _inputs, cloud) {
    const remove = new DeleteDashboardsCommand({ DashboardNames: [id] });
    await ifPresent(cloud.client(CloudWatchClient).send(remove));
  },
});

export const cloudwatch: ServiceTable = {
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": compositeAlarm,
  "aws:cloudwatch/dashboard:Dashboard": dashboard,
  "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarm,
};
