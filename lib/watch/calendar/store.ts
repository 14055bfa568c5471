import { type SealPlace, seal } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
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

type PasswordAccounts = { service: string; accounts: number; accountNames: string[] };

const COUNT = {
  name: "count-password-accounts",
  text: `SELECT service, count(*)::int AS accounts, (array_agg(name ORDER BY "nameKey"))[1:5] AS "accountNames"
    FROM "EmailAccount" WHERE active AND NOT "modernAuthentication" AND service = ANY($1) GROUP BY 1`,
};

/** The active ones, by service. */
export async function countPasswordAccounts(services: readonly string[]) {
  const { rows } = await pool().query<PasswordAccounts>({ ...COUNT, values: [services] });
  return rows;
}
