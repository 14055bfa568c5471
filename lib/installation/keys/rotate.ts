import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@/lib/kernel/clock";
import type { Keyring, SealCell } from "@/lib/kernel/crypto";
import { type Resealed, resealColumn } from "./mutations";
import {
  countSealed,
  findLateReaders,
  findSealedColumns,
  type KeyUse,
  type LateReader,
  type SealedColumn,
} from "./queries";

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

/** It looks at the key file again at each use. */
const LOOKED_AGAIN_MS = SECOND_MS;
const ASK_EVERY_MS = 250;

/** Processes silent for half a minute find out when they wake. @returns those still unable */
export async function awaitReaders(
  keyId: string,
  use: KeyUse,
  atMostMs: number,
): Promise<LateReader[]> {
  const startedAt = performance.now();
  if (use === "opens") await sleep(LOOKED_AGAIN_MS);
  for (;;) {
    const late = await findLateReaders(keyId, use);
    if (late.length === 0 || performance.now() - startedAt > atMostMs) return late;
    await sleep(ASK_EVERY_MS);
  }
}
