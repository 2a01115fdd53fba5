import { connectCloud } from "../engine/cloud";
import type { Resource } from "../engine/resource";
import type { Interceptor } from "../front-door/interceptor";
import type { Completion } from "./completion";
import { EventSourceMappings } from "./event-source-mappings";
import { PostConfirmation } from "./post-confirmation";
import { QueueAlarms } from "./queue-alarms";
import { connectRelay } from "./relay";
import { RelayAddress } from "./relay-address";
import { SecretRotation } from "./secret-rotation";
import { Service, type Surroundings } from "./service";
import { ServiceCallers } from "./service-callers";
import { Targets } from "./targets";

export { withCompletions } from "./relay";

/**
 * What the emulator lacks of asynchronous failure handling, triggers and rotation: clients that act in AWS's stead
 * through the front door, as its services, by what is deployed. They give up what they have under way when they stop.
 */
export class Completions {
  /** Tells whose calls are those of completions. */
  readonly callers = new ServiceCallers();
  readonly #address = new RelayAddress();
  readonly #postConfirmation = new PostConfirmation();
  readonly #secretRotation = new SecretRotation();
  /** For the front door: they show completions what passes, and complete some answers. */
  readonly interceptors: readonly Interceptor[] = [
    this.#address,
    this.#postConfirmation,
    this.#secretRotation,
  ];
  #completions: readonly Completion[] = [];
  #connected: Promise<void> | undefined;

  /** Begins to act. Only the first call does something. */
  connect(surroundings: Surroundings): Promise<void> {
    this.#connected ??= this.#connect(surroundings);
    return this.#connected;
  }

  /** Takes up what is deployed now. */
  configure(resources: readonly Resource[]): void {
    for (const completion of this.#completions) {
      completion.configure(resources);
    }
  }

  stop(): void {
    for (const completion of this.#completions) {
      completion.stop();
    }
  }

  async #connect(surroundings: Surroundings): Promise<void> {
    const { endpoint, emulatorAddress } = surroundings;
    const as = (principal: string) => new Service(principal, surroundings, this.callers);
    const emulator = connectCloud({ ...surroundings, endpoint: emulatorAddress });
    await connectRelay(emulator, endpoint, this.#address.token);
    const targets = new Targets(as("events.amazonaws.com"), as("scheduler.amazonaws.com"));
    this.#postConfirmation.connect(as("cognito-idp.amazonaws.com"));
    this.#secretRotation.connect(as("secretsmanager.amazonaws.com"));
    this.#completions = [
      targets,
      new EventSourceMappings(as("lambda.amazonaws.com")),
      new QueueAlarms(as("cloudwatch.amazonaws.com")),
      this.#postConfirmation,
      this.#secretRotation,
    ];
    this.#address.onEvent = (relayed) => targets.take(relayed);
    this.#address.onCall = (call, status) => {
      for (const completion of this.#completions) {
        completion.heard?.(call, status);
      }
    };
  }
}
