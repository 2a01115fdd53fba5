import { isWrongType, post, type Server, send } from "./connection";

/**
 * What reading through a cache needs of one: texts under names, and for each name a turn to read what it stands for,
 * which one token has at most.
 */
export interface Store {
  /** The text under a name, undefined where there is none; `""` for what is no text. */
  get(name: string): Promise<string | undefined>;
  /** Takes the turn for so long at most; whether the token has it. */
  take(name: string, token: string, milliseconds: number): Promise<boolean>;
  /** Keeps the text for so long and gives the turn back, if the token has it. Waits for nothing. */
  keep(name: string, token: string, text: string, milliseconds: number): void;
  /** Gives the turn back, if the token has it. Waits for nothing. */
  leave(name: string, token: string): void;
  /** Removes the text, and the turn from whoever has it: what is being read now is not kept. */
  drop(name: string): Promise<void>;
}

/** Commands that the store sends; a user may do these and no other. */
export const storeCommands = ["get", "set", "del", "eval"] as const;

const turnOf = (name: string) => `${name}/turn`;

const keepScript = `
if redis.call("GET", KEYS[2]) ~= ARGV[1] then return 0 end
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
return redis.call("DEL", KEYS[2])`;

const leaveScript = `
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call("DEL", KEYS[1])`;

/** The store in a Valkey server, whose replies are waited for until the deadline (milliseconds since 1970). */
export function storeOf(server: Server, deadline: number): Store {
  return {
    get: async (name) => {
      try {
        // As it comes: from what is no Valkey, a reply may be anything.
        const reply: unknown = await send(server, deadline, (client) => client.get(name));
        return reply === null ? undefined : typeof reply === "string" ? reply : "";
      } catch (error) {
        if (isWrongType(error)) {
          return "";
        }
        throw error;
      }
    },
    take: async (name, token, milliseconds) => {
      // With `GET`, a command that is sent again for a lost reply finds the token that it has set itself.
      const holder: unknown = await send(server, deadline, (client) =>
        client.set(turnOf(name), token, "PX", milliseconds, "NX", "GET"),
      );
      return holder === null || holder === token;
    },
    keep: (name, token, text, milliseconds) =>
      post(server, (client) =>
        client.eval(keepScript, 2, name, turnOf(name), token, text, Math.ceil(milliseconds)),
      ),
    leave: (name, token) => post(server, (client) => client.eval(leaveScript, 1, turnOf(name), token)),
    drop: async (name) => {
      await send(server, deadline, (client) => client.del(name, turnOf(name)));
    },
  };
}
