import "server-only";
import { recordAudit } from "@/lib/audit/mutations";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { db, pool } from "@/lib/kernel/db";
import type { NewAttempt, Outcome } from "./schema";

/** Of each device, and of all that cannot be told apart together. */
const KEPT = 50;

const SAVE = {
  name: "save-attempt",
  text: "SELECT postkey_save_attempt($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
};

/** Keeps an attempt, forgets the oldest one beyond those that are kept, and tells the open pages. */
export async function saveAttempt({ device, reply, ...attempt }: NewAttempt): Promise<void> {
  const { protocol, address, client, tlsVersion, outcome, remedyId } = attempt;
  const isRepairedByHand = REPAIRED_BY_HAND.has(outcome) && remedyId !== null;
  const said = [protocol, address, client, tlsVersion, outcome, remedyId, reply ?? null];
  const limits = [KEPT, ADVISORY_LOCKS.commitOrder];
  await pool().query({ ...SAVE, values: [device?.id, ...said, isRepairedByHand, ...limits] });
}

/** What the account's server says, and an administrator repairs: an incident until a login works. */
const REPAIRED_BY_HAND: ReadonlySet<Outcome> = new Set(["server_refused", "server_certificate"]);

/** Uses of one kind, as one event: the first of an hour, and then how many there were. */
export async function auditUses(
  { id, name }: { id: string; name: string },
  {
    count,
    address,
    protocol,
    outcome,
  }: { count: number; address: string } & Pick<NewAttempt, "protocol" | "outcome">,
): Promise<void> {
  const actor = { kind: "device", id, name, address } as const;
  const object = { kind: "device", id, name };
  const detail = { protocol, outcome, count };
  await db().$transaction((tx) => recordAudit(tx, actor, { action: "device.use", object, detail }));
}
