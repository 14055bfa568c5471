import "server-only";
import type { z } from "zod";
import { type Actor, type Permission, requirePermission, requireRecentProof } from "./actor";
import { db } from "./db";
import type { Transaction } from "./transaction";

export type Deed = { tx: Transaction; actor: Actor };

type Declared<S extends z.ZodType, T> = {
  input: S;
  permission: Permission;
  proof?: true | ((input: z.output<S>) => boolean);
  /** Runs in one transaction. */
  run: (deed: Deed, input: z.output<S>) => Promise<T>;
};

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
