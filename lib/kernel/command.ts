import "server-only";
import type { z } from "zod";
import { type Actor, type Permission, requirePermission, requireRecentProof } from "./actor";
import { db } from "./db";
import { AppError } from "./errors";
import { requireOneself } from "./oneself";
import type { Transaction } from "./transaction";

/** The transaction of a command, and the actor, who may give it. */
export type Deed = { tx: Transaction; actor: Actor };

export type Declared<S extends z.ZodType, T> = {
  /** What callers outside parse: an action its form, an operation its body and path. */
  input: S;
  /** `oneself` is every person, for their own account. */
  permission: Permission | "oneself";
  /** Whether people must have proved who they are lately, always or for some input. */
  proof?: true | ((input: z.output<S>) => boolean);
  /** The table of the row that `id` names, where its version may be asked for. */
  of?: VersionedTable;
} & (InTransaction<S, T> | Outside<S, T>);

type VersionedTable = "AlertChannel" | "CloudProvider" | "ContactList" | "Device" | "EmailAccount";

type InTransaction<S extends z.ZodType, T> = {
  /** Everything is written, or nothing; the trail refuses last what it wrote without the right. */
  run: (deed: Deed, input: z.output<S>) => Promise<T>;
  /** How the transaction runs, where it is not an ordinary one. */
  within?: <R>(work: (tx: Transaction) => Promise<R>) => Promise<R>;
  act?: never;
};

/** For what waits for others, such as a network: it opens its own transactions. */
type Outside<S extends z.ZodType, T> = {
  act: (actor: Actor, input: z.output<S>) => Promise<T>;
  run?: never;
  within?: never;
};

/**
 * Declared once; mounted as a server action by `actionOf` and as an operation of the API by `commandOperation`.
 * @throws AppError access_denied, locked, proof_required, and what it runs throws
 */
export type Command<S extends z.ZodType, T> = {
  /** @param version of the row, locked before it runs; `stale` if it is another by then */
  (actor: Actor, input: z.output<S>, version?: number): Promise<T>;
  input: S;
  permission: Permission | "oneself";
};

export function command<S extends z.ZodType, T>(declared: Declared<S, T>): Command<S, T> {
  const { input, permission, proof, of, run, act, within = inTransaction } = declared;
  const call = async (actor: Actor, given: z.output<S>, version?: number) => {
    if (permission === "oneself") requireOneself(actor);
    else requirePermission(actor, permission);
    if (proof === true || proof?.(given)) requireRecentProof(actor);
    if (act) return act(actor, given);
    return within(async (tx) => {
      if (version !== undefined) await requireVersion(tx, { of, given, version });
      return run({ tx, actor }, given);
    });
  };
  return Object.assign(call, { input, permission });
}

type Named = { of: VersionedTable | undefined; given: unknown; version: number };

async function requireVersion(tx: Transaction, { of, given, version }: Named): Promise<void> {
  if (of === undefined) throw new Error("This command asks for no version.");
  const { id } = given as { id: string }; // `of` says that it has one
  const sql = `SELECT version FROM "${of}" WHERE id = $1::uuid FOR UPDATE`;
  const [row] = await tx.$queryRawUnsafe<{ version: number }[]>(sql, id);
  if (row && row.version !== version)
    throw new AppError("stale", "It was changed in the meantime. Nothing was changed now.");
}

function inTransaction<R>(work: (tx: Transaction) => Promise<R>): Promise<R> {
  return db().$transaction(work);
}
