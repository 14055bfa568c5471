import "server-only";
import { recordAudits } from "@/lib/audit/mutations";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { db, pool } from "@/lib/kernel/db";
import { KEPT_ATTEMPTS, type NewAttempt, type Outcome } from "./schema";

const SAVE = {
  name: "save-attempt",
  text: "SELECT postkey_save_attempt($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
};

/** Keeps an attempt, forgets the oldest one beyond those that are kept, and tells the open pages. */
export async function saveAttempt({ device, reply, ...attempt }: NewAttempt): Promise<void> {
  const { protocol, address, client, tlsVersion, outcome, remedyId } = attempt;
  const isRepairedByHand = REPAIRED_BY_HAND.has(outcome) && remedyId !== null;
  const said = [protocol, address, client, tlsVersion, outcome, remedyId, reply ?? null];
  const limits = [KEPT_ATTEMPTS, ADVISORY_LOCKS.commitOrder];
  await pool().query({ ...SAVE, values: [device?.id, ...said, isRepairedByHand, ...limits] });
}

/** What the account's server says, and an administrator repairs: an incident until a login works. */
const REPAIRED_BY_HAND: ReadonlySet<Outcome> = new Set(["server_refused", "server_certificate"]);

/** Whether it begins an incident, or ends one. */
export function decidesIncident(outcome: Outcome): boolean {
  return outcome === "ok" || REPAIRED_BY_HAND.has(outcome);
}

/** Of one kind: the first of an hour, and then how many there were. */
type DeviceUses = Pick<NewAttempt, "protocol" | "outcome" | "address"> & {
  device: { id: string; name: string };
  count: number;
};

/** Uses of each kind as one event, in one transaction. */
export async function auditUses(uses: readonly DeviceUses[]): Promise<void> {
  const entries = uses.map(({ device: { id, name }, address, ...detail }) => ({
    actor: { kind: "device", id, name, address } as const,
    action: "device.use",
    object: { kind: "device", id, name },
    detail,
  }));
  await db().$transaction((tx) => recordAudits(tx, entries));
}
