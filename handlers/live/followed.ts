import type { EventBridgeEvent } from "aws-lambda";
import type { EventContract } from "../../components/event-contract";
import { type CampaignEvent, campaignChanged } from "../campaigns/events";
import { type PictureEvent, type PictureState, pictureEvents, progressOf, stateOf } from "../media/events";
import { campaignProgress } from "./campaign";
import type { ProgressMessage } from "./messages";

/** How far something of a user is. */
export interface Progress {
  /** `sub` of the user. */
  readonly user: string;
  /** What it is about: `picture/<photo id>` or `campaign/<campaign id>`. */
  readonly subject: string;
  readonly message: ProgressMessage;
  /** Grows, as text: of two about one subject, the greater tells what is so. */
  readonly progress: string;
}

/** A contract, and what is told of its events. */
interface Followed {
  readonly contract: EventContract;
  /** Reads an event's detail; throws for one that breaks the contract. */
  readonly reader: () => (detail: unknown) => Progress;
}

const follow = <Detail>(
  contract: EventContract<string, Detail>,
  tell: (detail: Detail) => Progress,
): Followed => ({
  contract,
  reader: () => {
    const schema = contract.schema();
    return (detail) => tell(schema.parse(detail));
  },
});

const pictureIs = (state: PictureState) => (detail: PictureEvent) => {
  const { owner, photo, revision, renditions, reason } = detail;
  return {
    user: owner,
    subject: `picture/${photo}`,
    message: { type: "picture" as const, photo, revision, state, renditions, reason },
    progress: progressOf(state, detail),
  };
};

const campaignIs = (detail: CampaignEvent) => {
  const { owner, id, subject, status, sequence, recipients, reason } = detail;
  return {
    user: owner,
    subject: `campaign/${id}`,
    message: { type: "campaign" as const, campaign: id, subject, status, sequence, recipients, reason },
    progress: campaignProgress(detail),
  };
};

/** All that users are told of. */
const followed: readonly Followed[] = [
  ...pictureEvents.map((contract) => follow(contract, pictureIs(stateOf(contract.type)))),
  follow(campaignChanged, campaignIs),
];

/** The events to subscribe to. */
export const followedEvents = followed.map(({ contract }) => contract);

/** Reads an event; throws for one that breaks its contract or has none. */
export const progressReader = () => {
  const readers = followed.map(({ contract: { source, type }, reader }) => ({
    source,
    type,
    read: reader(),
  }));
  return ({ source, "detail-type": type, detail }: EventBridgeEvent<string, unknown>): Progress => {
    const known = readers.find((reader) => reader.source === source && reader.type === type);
    if (!known) {
      throw new Error(
        `An event of type ${type} from ${source} tells nothing that is followed; subscribe to followedEvents alone.`,
      );
    }
    return known.read(detail);
  };
};
