import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@/lib/kernel/clock";
import { isPassingDatabaseError } from "@/lib/kernel/database-errors";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { log } from "@/lib/kernel/log";
import { UseTallies } from "@/lib/programs/use-tallies";
import type { NewAttempt, Outcome } from "./schema";
import { auditUses, saveAttempts } from "./store";

/** What waits to be saved: the last attempt of each device, protocol, outcome and address. */
type Waiting = Map<string, NewAttempt>;

/** What proves no device waits apart, and less of it: a flood of strangers hides no device. */
const NEEDS_NO_PASSWORD: ReadonlySet<Outcome> = new Set([
  ...(["wrong_password", "guessing", "plaintext", "tls_untrusted", "tls_too_old"] as const),
  ...(["tls_not_spoken", "tls_at_once", "tls_failed", "tls_unused"] as const),
]);
const MOST_OF_DEVICES = 20_000;
const MOST_OF_STRANGERS = 20;
const SAVED_AT_ONCE = 500;

const ofDevices: Waiting = new Map();
const ofStrangers: Waiting = new Map();
const usesOfDevices = new UseTallies({ most: MOST_OF_DEVICES, save: auditUses });
const usesOfStrangers = new UseTallies({ most: 1_000, save: auditUses });

/** It cannot fail. */
export function recordAttempt(attempt: NewAttempt): void {
  const { device, protocol, outcome, address } = attempt;
  const isStranger = NEEDS_NO_PASSWORD.has(outcome);
  const coarse = `${device?.id} ${protocol} ${outcome}`;
  const kind = `${coarse} ${address}`;
  if (isStranger) keepLatest(ofStrangers, [kind, attempt], MOST_OF_STRANGERS);
  else keepLatest(ofDevices, [kind, attempt], MOST_OF_DEVICES);
  if (!isSaving) void saveWaiting();
  if (!device) return;
  const use = { device, protocol, outcome };
  const uses = isStranger ? usesOfStrangers : usesOfDevices;
  uses.count([kind, { ...use, address }], [coarse, use]);
}

let isSaving = false;

/** The first at once, and what follows it once a second. */
async function saveWaiting(): Promise<void> {
  isSaving = true;
  while (ofDevices.size + ofStrangers.size > 0) {
    await saveSome();
    await sleep(SECOND_MS, undefined, { ref: false });
  }
  isSaving = false;
}

let last: Promise<boolean> = Promise.resolve(false);

function saveSome(): Promise<boolean> {
  last = last.then(saveBatch);
  return last;
}

async function saveBatch(): Promise<boolean> {
  const batch = [...[...ofDevices].slice(0, SAVED_AT_ONCE), ...ofStrangers];
  if (batch.length === 0) return false;
  for (const [kind] of batch) if (!ofDevices.delete(kind)) ofStrangers.delete(kind);
  try {
    await saveAttempts(batch.map(([, attempt]) => attempt));
    return true;
  } catch (error) {
    log.warn({ error }, "attempts of devices are not written down");
    if (isPassingDatabaseError(error)) keepForNextTime(batch);
    return false;
  }
}

/** In front of what came since: the last attempt decides whether an incident is open. */
function keepForNextTime(batch: [string, NewAttempt][]): void {
  const since = [...ofDevices];
  ofDevices.clear();
  for (const [kind, attempt] of [...batch, ...since])
    keepLatest(ofDevices, [kind, attempt], MOST_OF_DEVICES);
}

export async function flushAttempts({ withinMs }: { withinMs: number }): Promise<void> {
  const saved = (async () => {
    while (await saveSome());
    await Promise.all([usesOfDevices.flush(0), usesOfStrangers.flush(0)]);
    return true;
  })();
  const isSaved = await Promise.race([saved, sleep(withinMs, false, { ref: false })]);
  if (!isSaved) log.warn("attempts of devices are left unwritten");
}
