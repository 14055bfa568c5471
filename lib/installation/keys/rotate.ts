import "server-only";
import type { Keyring, SealCell } from "@/lib/kernel/crypto";
import { type Resealed, resealColumn } from "./mutations";
import { countSealed, findSealedColumns, type SealedColumn } from "./queries";

/** Faster writers are followed up; being overtaken this often means that something else is wrong. */
const MAX_PASSES = 20;

export type ColumnReport = {
  table: string;
  column: string;
  /** Values that there are now. */
  values: number;
  /** Of these, sealed again by this run. */
  resealed: number;
  /** Still sealed with another key. */
  others: number;
};

export type RotationReport = {
  columns: ColumnReport[];
  /** What no key opens: it was like that before. */
  unreadable: SealCell[];
  /** Whether nothing is sealed with another key any more. */
  isComplete: boolean;
};

/**
 * Seals everything that the schema says is sealed with the first key of the ring, while everything else
 * goes on. It may be stopped and begun again at any moment: what is done is not done twice.
 */
export async function resealEverything(keyring: Keyring): Promise<RotationReport> {
  const columns: ColumnReport[] = [];
  const unreadable: SealCell[] = [];
  for (const where of await findSealedColumns()) {
    const done = await resealAll(keyring, where);
    const { table, column } = where;
    columns.push({
      table,
      column,
      resealed: done.resealed,
      ...(await countSealed(where, keyring.current.id)),
    });
    unreadable.push(...done.unreadable);
  }
  return { columns, unreadable, isComplete: columns.every(({ others }) => others === 0) };
}

async function resealAll(keyring: Keyring, where: SealedColumn): Promise<Resealed> {
  let resealed = 0;
  for (let pass = 1; ; pass += 1) {
    const done = await resealColumn(keyring, where);
    resealed += done.resealed;
    if (done.overtaken === 0 || pass === MAX_PASSES) return { ...done, resealed };
  }
}
