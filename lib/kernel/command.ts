import "server-only";
import type { z } from "zod";
import { type Actor, type Permission, requirePermission, requireRecentProof } from "./actor";
import { db } from "./db";
import type { Transaction } from "./transaction";

/** What a command works in: its transaction, for the actor who may. */
export type Deed = { tx: Transaction; actor: Actor };

type Declared<S extends z.ZodType, T> = {
  /** What borders parse before they call: an action its form, an operation its body and path. */
  input: S;
  permission: Permission;
  /** Whether a person must have proved who they are lately, always or for some input. */
  proof?: true | ((input: z.output<S>) => boolean);
  /** In one transaction; the trail refuses last what it wrote without the right. */
  run: (deed: Deed, input: z.output<S>) => Promise<T>;
};

/**
 * One act of a person or a program, declared once: called with an actor and parsed input, mounted as a server action by
 * `defineAction` and as an operation of the API by `commandOperation`.
 *
 * @throws AppError access_denied, locked, proof_required, and what `run` throws
 */
export type Command<S extends z.ZodType, T> = {
  (actor: Actor, input: z.output<S>): Promise<T>;
  input: S;
  permission: Permission;
};

export function command<S extends z.ZodType, T>(declared: Declared<S, T>): Command<S, T> {
  const { input, permission, proof, run } = declared;
  const act = async (actor: Actor, given: z.output<S>) => {
    requirePermission(actor, permission);
    if (proof === true || proof?.(given)) requireRecentProof(actor);
    return db().$transaction((tx) => run({ tx, actor }, given));
  };
  return Object.assign(act, { input, permission });
}
