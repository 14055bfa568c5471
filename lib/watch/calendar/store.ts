import "server-only";
import { SealError, type SealPlace, seal, unseal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";

const PLACE: SealPlace = {
  table: "Installation",
  id: "1",
  column: "calendarTokenSealed",
  destination: null,
};

/** The unguessable part of the calendar's address; null when there is none. @throws AppError locked */
export async function openCalendarToken(): Promise<string | null> {
  const row = await db().installation.findUnique({
    where: { id: 1 },
    select: { calendarTokenSealed: true },
  });
  if (!row?.calendarTokenSealed) return null;
  try {
    return unseal(env().keyring, PLACE, row.calendarTokenSealed);
  } catch (error) {
    throw error instanceof SealError ? lockedToken(error) : error;
  }
}

export async function saveCalendarToken(tx: Transaction, token: string): Promise<void> {
  await tx.installation.update({
    where: { id: 1 },
    data: { calendarTokenSealed: seal(env().keyring, PLACE, token) },
    select: { id: true },
  });
}

function lockedToken(cause: SealError): AppError {
  const message = "The calendar's address can't be decrypted with the current encryption key.";
  return new AppError("locked", message, { cause, remedyId: "postkey.locked" });
}
