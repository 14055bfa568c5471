import { follow } from "@/lib/contacts/capture/follow";
import {
  type CaptureClaim,
  claimInboxes,
  countWork,
  keepInboxes,
  releaseInboxes,
} from "@/lib/contacts/capture/leases/store";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { mintActor } from "@/lib/kernel/mint-actor";
import { expectTurns } from "@/lib/kernel/sign-of-life";
import { startLoop } from "./loop";

const TURN_MS = SECOND_MS;
/** A few statements, even on a slow database. */
const LONGEST_TURN_MS = 2 * MINUTE_MS;
/** A thousand at once would be a thousand handshakes. */
const OPENED_PER_TURN = 25;

const actor = mintActor({
  kind: "job",
  id: "capture",
  name: "Postkey",
  permissions: new Set(["accounts:test"]),
});

type Followed = { claim: CaptureClaim; stop: AbortController; ended: Promise<void> };

/** A share of the inboxes per keeper. @returns stops and releases them */
export function startCapture(keeperId: string, turnMs = TURN_MS): () => Promise<void> {
  const followed = new Map<string, Followed>();
  const turnEnded = expectTurns("capture", LONGEST_TURN_MS);
  const stopLoop = startLoop("capture", turnMs, () => turn().finally(turnEnded));
  return async () => {
    await stopLoop();
    for (const { stop } of followed.values()) stop.abort();
    await Promise.all([...followed.values()].map(({ ended }) => ended));
    await releaseInboxes(keeperId).catch(() => {});
  };

  async function turn(): Promise<void> {
    const kept = await keepInboxes(keeperId);
    for (const [id, { claim, stop }] of followed)
      if (kept.get(id) !== claim.accountVersion) stop.abort();
    const { inboxes, keepers } = await countWork();
    const share = Math.ceil(inboxes / Math.max(1, keepers));
    const free = Math.min(OPENED_PER_TURN, share - followed.size);
    for (const claim of await claimInboxes(keeperId, free)) start(claim);
  }

  function start(claim: CaptureClaim): void {
    const stop = new AbortController();
    const ended = follow(actor, { owner: keeperId, claim, signal: stop.signal })
      .catch((error: unknown) => log.error({ error }, "capture of an inbox failed"))
      .then(() => releaseInboxes(keeperId, claim.emailAccountId))
      .catch(() => {}) // without a database the lease ends by itself
      .finally(() => followed.delete(claim.emailAccountId));
    followed.set(claim.emailAccountId, { claim, stop, ended });
  }
}
