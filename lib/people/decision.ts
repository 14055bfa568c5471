import type { z } from "zod";
import { type Command, command, type Declared, type Deed } from "@/lib/kernel/command";
import { requireStanding } from "./standing/store";
import { decideAboutPeople } from "./store";

type Decision<S extends z.ZodType, T> = Declared<S, T> & {
  run: (deed: Deed, input: z.output<S>) => Promise<T>;
};

/** A command about access: its transaction first asks whether the actor is still here, and still may. */
export function decision<S extends z.ZodType, T>(declared: Decision<S, T>): Command<S, T> {
  const { permission, run } = declared;
  return command({
    ...declared,
    async run(deed, input) {
      const needed = permission === "oneself" ? undefined : permission;
      await requireStanding(deed.tx, deed.actor, needed);
      return run(deed, input);
    },
  });
}

type AboutPeople<S extends z.ZodType, T> = Pick<Decision<S, T>, "input" | "run">;

/** One after the other: of two who take each other's role at once, the second is refused. */
export function decisionAboutPeople<S extends z.ZodType, T>(declared: AboutPeople<S, T>) {
  const within = decideAboutPeople;
  return decision({ ...declared, permission: "administrators:write", proof: true, within });
}
