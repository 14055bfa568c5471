import "server-only";
import { SealError, type SealPlace, seal, unseal } from "@/lib/crypto";
import { db } from "@/lib/db";
import { env } from "@/lib/env";

const PLACE: SealPlace = { table: "KeyCanary", id: "1", column: "sealed" };

/**
 * Proves that the encryption key opens what this database holds; the first start leaves the proof.
 * @returns false with a wrong key, and then nothing was written
 */
export async function isKeyRight(): Promise<boolean> {
  const canary = await db().keyCanary.upsert({
    where: { id: 1 },
    create: { id: 1, sealed: seal(env().keyring, PLACE, "postkey") },
    update: {},
    select: { sealed: true },
  });
  try {
    return unseal(env().keyring, PLACE, canary.sealed) === "postkey";
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}
