import "server-only";
import type { Keyring, SealCell } from "@/lib/kernel/crypto";
import { type Resealed, resealColumn } from "./mutations";
import { countSealed, findSealedColumns, type SealedColumn } from "./queries";

/** Writers are followed; more passes mean that something else is wrong. */
const MAX_PASSES = 20;

export type ColumnReport = {
  table: string;
  column: string;
  values: number;
  resealed: number;
  others: number;
};

export type RotationReport = {
  columns: ColumnReport[];
  unreadable: SealCell[];
  isComplete: boolean;
};

/** While everything runs; may be stopped and begun again. */
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
