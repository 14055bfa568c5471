import { elapsed } from "@/lib/kernel/clock";
import { isOpenable, type Keyring, type SealCell, type SealPlace, seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { singleton } from "@/lib/kernel/singleton";
import { findSealedSamples } from "./queries";

const PLACE: SealPlace = { table: "KeyCanary", id: "1", column: "sealed", destination: null };
const PROOF = "postkey";

const WRONG_KEY =
  "The encryption key does not open this database. Give POSTKEY_KEY or POSTKEY_KEY_FILE the key that it was filled with, and start Postkey again; nothing was changed.";
/** The canary may have been repaired meanwhile. */
const ASK_AGAIN_AFTER_MS = 5_000;

export async function isAnythingSealed(): Promise<boolean> {
  return (await findSealedSamples()).length > 0;
}

/** The first start leaves the proof. @returns false for a wrong key; writes nothing then */
export async function isKeyRight(): Promise<boolean> {
  const canary = await db().keyCanary.findUnique({ where: { id: 1 }, select: { sealed: true } });
  if (canary) return isCanary(canary.sealed);
  // A lost proof must not be replaced by one of a wrong key.
  const samples = await findSealedSamples();
  if (samples.length > 0 && !samples.some(opens)) return false;
  const { sealed } = await db().keyCanary.upsert({
    where: { id: 1 },
    create: { id: 1, sealed: seal(env().keyring, PLACE, PROOF) },
    update: {},
    select: { sealed: true },
  });
  return isCanary(sealed);
}

/** True for this installation's key only. */
export function isCanary(sealed: string): boolean {
  return opens({ place: PLACE, sealed });
}

function opens({ place, sealed }: { place: SealCell; sealed: string }): boolean {
  return isOpenable(env().keyring, place, sealed);
}

/** A key replaced while this process slept is proved by the canary; at most once a second. */
export async function proveKeyring(): Promise<void> {
  const ring = env().unprovedKeyring;
  if (!ring) return;
  const state = singleton<ProofState>("key-proof", () => ({ ring: null, done: null, askedAt: 0 }));
  const isRecent = elapsed() - state.askedAt < PROVE_AGAIN_AFTER_MS;
  if (state.ring !== ring || !isRecent || !state.done)
    Object.assign(state, { ring, done: prove(ring), askedAt: elapsed() });
  await state.done;
}

type ProofState = { ring: Keyring | null; done: Promise<void> | null; askedAt: number };
const PROVE_AGAIN_AFTER_MS = 1_000;

async function prove(ring: Keyring): Promise<void> {
  const canary = await db().keyCanary.findUnique({ where: { id: 1 }, select: { sealed: true } });
  if (canary && isOpenable(ring, PLACE, canary.sealed)) env().keyring = ring;
}

type LockState = { answer: Promise<string | null>; askedAt: number };

/** For people: the key is missing or wrong. A null is final for this process. */
export async function findLock(): Promise<string | null> {
  await proveKeyring().catch(() => {}); // without the database the keys in use stay
  const asked = (): LockState => ({ answer: ask(), askedAt: elapsed() });
  const state = singleton("key-lock", asked);
  const answer = await state.answer.catch(() => "unknown");
  if (answer !== null && elapsed() - state.askedAt > ASK_AGAIN_AFTER_MS)
    Object.assign(state, asked());
  return state.answer;
}

async function ask(): Promise<string | null> {
  const { keyProblem } = env();
  if (keyProblem) return `${keyProblem} Nothing was changed.`;
  return (await isKeyRight()) ? null : WRONG_KEY;
}

/** For acts without an actor. @throws AppError locked */
export async function requireUnlocked(): Promise<void> {
  const lock = await findLock();
  if (lock) throw new AppError("locked", `Postkey is read-only. ${lock}`);
}
