import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import type * as aws from "@pulumi/aws";
import { type Cloud, type Inputs, resource, type ServiceTable } from "../engine/resource";
import { ifPresent, UnsupportedInput } from "./faults";
import { type Attributes, changes, given } from "./sns-attributes";

const type = "aws:sns/topicSubscription:TopicSubscription";

type Subscription = Inputs<aws.sns.TopicSubscriptionArgs>;

// https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html
const subscriptionDefaults: Attributes = {
  FilterPolicy: "{}",
  FilterPolicyScope: "MessageAttributes",
  RawMessageDelivery: "false",
};

function subscriptionAttributes(inputs: Subscription): Attributes {
  return given({
    DeliveryPolicy: inputs.deliveryPolicy,
    FilterPolicy: inputs.filterPolicy,
    FilterPolicyScope: inputs.filterPolicyScope,
    RawMessageDelivery: inputs.rawMessageDelivery,
    RedrivePolicy: inputs.redrivePolicy,
    ReplayPolicy: inputs.replayPolicy,
    SubscriptionRoleArn: inputs.subscriptionRoleArn,
  });
}

/** Subscribing the same endpoint again is no error, and would take up what an interrupted run left. */
async function unsubscribe({ endpoint, protocol }: Subscription, TopicArn: string, cloud: Cloud) {
  const client = cloud.client(SNSClient);
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
    const left = Subscriptions.find(
      ({ Endpoint, Protocol }) => Endpoint === endpoint && Protocol === protocol,
    );
    if (left) await client.send(new UnsubscribeCommand({ SubscriptionArn: left.SubscriptionArn }));
  }
}

const subscription = resource<aws.sns.TopicSubscriptionArgs>({
  replaceOn: ["topic", "protocol", "endpoint"],
  outputs: (id, inputs, { account }) => ({
    arn: id,
    confirmationWasAuthenticated: true,
    filterPolicyScope: inputs.filterPolicyScope ?? subscriptionDefaults.FilterPolicyScope,
    ownerId: account,
    pendingConfirmation: false,
  }),
  async create(inputs, cloud) {
    const { protocol, endpoint } = inputs;
    if (/^https?$/.test(protocol)) {
      throw new UnsupportedInput(
        type,
        `protocol: ${protocol}`,
        "Its endpoint would have to confirm: subscribe a queue or a function.",
      );
    }
    const TopicArn = String(inputs.topic);
    await unsubscribe(inputs, TopicArn, cloud);
    const { SubscriptionArn } = await cloud.client(SNSClient).send(
      new SubscribeCommand({
        TopicArn,
        Protocol: protocol,
        Endpoint: endpoint,
        Attributes: subscriptionAttributes(inputs),
        ReturnSubscriptionArn: true,
      }),
    );
    return { id: SubscriptionArn ?? "" };
  },
  async read(id, _inputs, cloud) {
    const get = new GetSubscriptionAttributesCommand({ SubscriptionArn: id });
    return (await ifPresent(cloud.client(SNSClient).send(get))) && {};
  },
  async update(id, inputs, old, cloud) {
    const sns = cloud.client(SNSClient);
    const attributes = changes(
      subscriptionAttributes(inputs),
      subscriptionAttributes(old),
      subscriptionDefaults,
    );
    for (const [AttributeName, AttributeValue] of attributes) {
      await sns.send(
        new SetSubscriptionAttributesCommand({ SubscriptionArn: id, AttributeName, AttributeValue }),
      );
    }
    return {};
  },
  async delete(id, _inputs, cloud) {
    await ifPresent(cloud.client(SNSClient).send(new UnsubscribeCommand({ SubscriptionArn: id })));
  },
});

/** Who gets what is published to a topic. */
export const subscriptions: ServiceTable = { [type]: subscription };
