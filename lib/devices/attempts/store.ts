import { recordAudits } from "@/lib/audit/mutations";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { db, pool } from "@/lib/kernel/db";
import type { Counted } from "@/lib/programs/use-tallies";
import { KEPT_ATTEMPTS, type NewAttempt, type Outcome } from "./schema";

/** What the account's server says, and an administrator repairs: an incident until a login works. */
const REPAIRED_BY_HAND: ReadonlySet<Outcome> = new Set(["server_refused", "server_certificate"]);

/** Each device keeps its last ones; of the same within a minute, the last. */
export async function saveAttempts(attempts: readonly NewAttempt[]): Promise<void> {
  const rows = attempts.map(({ device, ...attempt }) => ({
    ...attempt,
    device: device?.id,
    repairedByHand: REPAIRED_BY_HAND.has(attempt.outcome) && attempt.remedyId !== null,
  }));
  await pool().query({
    name: "save-attempts",
    text: "SELECT postkey_save_attempts($1, $2, $3)",
    values: [JSON.stringify(rows), KEPT_ATTEMPTS, ADVISORY_LOCKS.commitOrder],
  });
}

type DeviceUse = Pick<NewAttempt, "protocol" | "outcome"> & {
  device: { id: string; name: string };
  address?: string;
};

export async function auditUses(uses: readonly Counted<DeviceUse>[]): Promise<void> {
  const entries = uses.map(({ what: { device, address, protocol, outcome }, count }) => {
    const { id, name } = device;
    return {
      actor: { kind: "device", id, name, ...(address !== undefined && { address }) } as const,
      action: "device.use",
      object: { kind: "device", id, name },
      detail: { count, protocol, outcome },
    };
  });
  await db().$transaction((tx) => recordAudits(tx, entries));
}
