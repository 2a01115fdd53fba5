/** What an error of a trigger's own is called; its message is meant for the user. */
export const refusal = (message: string): Error => Object.assign(new Error(message), { name: "Refusal" });

/**
 * The handler of a user pool's trigger, whose errors Cognito shows to whoever signs in: those that are no refusals are
 * logged and told without what they say, which may be about our account.
 */
export const trigger =
  <Event>(work: (event: Event) => Promise<Event>) =>
  async (event: Event): Promise<Event> => {
    try {
      return await work(event);
    } catch (error) {
      if (error instanceof Error && error.name === "Refusal") {
        throw error;
      }
      console.error("a trigger failed", error);
      throw new Error("It did not work just now; try again in a moment.");
    }
  };
