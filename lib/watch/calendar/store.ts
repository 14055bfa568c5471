import { type SealPlace, seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { openOrLock } from "@/lib/kernel/open-sealed";
import type { Transaction } from "@/lib/kernel/transaction";

const PLACE: SealPlace = {
  table: "Installation",
  id: "1",
  column: "calendarTokenSealed",
  destination: null,
};

/** Null without one. @throws AppError locked */
export async function openCalendarToken(): Promise<string | null> {
  const row = await db().installation.findUnique({
    where: { id: 1 },
    select: { calendarTokenSealed: true },
  });
  if (!row?.calendarTokenSealed) return null;
  return openOrLock(
    PLACE,
    row.calendarTokenSealed,
    "The calendar's address can't be decrypted with the current encryption key.",
  );
}

export async function isCalendarOpen(): Promise<boolean> {
  const where = { id: 1, calendarTokenSealed: { not: null } };
  return (await db().installation.count({ where })) > 0;
}

export async function saveCalendarToken(tx: Transaction, token: string): Promise<void> {
  await tx.installation.update({
    where: { id: 1 },
    data: { calendarTokenSealed: seal(env().keyring, PLACE, token) },
    select: { id: true },
  });
}
