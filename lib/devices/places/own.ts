import { setTimeout as sleep } from "node:timers/promises";
import type { Protocol } from "@/lib/egress/protocols/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { countUp } from "@/lib/kernel/metrics/counters";
import { singleton } from "@/lib/kernel/singleton";
import { probeFailure } from "@/lib/mail/probe-failure";
import type { MailService } from "@/lib/mail/services/schema";
import { HOLD_MS, limitsOfMailbox, takeMessage, takeRecipients } from "../pace/store";
import { Places, type Wanted } from "./places";

/** Postkey's own mail waits no longer for its turn: an alert can't be put off. */
const WAIT_MS = 3 * SECOND_MS;

/** Whose places and pace: see MailboxAccount. */
type Mailbox = { mailboxId: string; service: MailService };

/** In one of the mailbox's places if one becomes free as soon as a device waits for, else without one. */
export async function inPlace<T>(
  { mailboxId, service }: Mailbox,
  protocol: Protocol,
  work: () => Promise<T>,
): Promise<T> {
  const giveBack = await take({ mailboxId, service, protocol });
  countUp("postkey_own_connections_total", { outcome: giveBack ? "placed" : "beyond" });
  try {
    return await work();
  } finally {
    giveBack?.();
  }
}

/**
 * One of the requests of an application that Microsoft Graph serves at once, for all its mailboxes.
 * @throws ProbeFailure graph.busy when none of them ended in time
 */
export async function inTurn<T>(
  { application, service }: { application: string; service: MailService },
  work: () => Promise<T>,
): Promise<T> {
  const giveBack = await take({ mailboxId: application, service, protocol: "graph" });
  if (!giveBack) throw probeFailure("graph.busy");
  try {
    return await work();
  } finally {
    giveBack();
  }
}

async function take(wanted: Wanted): Promise<(() => void) | null> {
  const places = singleton("own-places", () => new OwnPlaces());
  return places.take(wanted).catch((error: unknown) => {
    log.warn({ error }, "no place is taken for a connection of Postkey");
    return null;
  });
}

/** Mail of Postkey counts as that of devices does, in its turn if that is soon. */
export async function countOwnMail({ mailboxId, service }: Mailbox, recipients: number) {
  try {
    const { pace: ofMailbox, recipientsPerDay } = limitsOfMailbox(service);
    if (!ofMailbox && recipientsPerDay === null) return;
    const limits = { deviceId: null, mailboxId, ofDevice: null, ofMailbox, recipientsPerDay };
    const turn = await takeMessage({ ...limits, holdMs: HOLD_MS });
    if (recipientsPerDay !== null && recipients > 1)
      await takeRecipients(mailboxId, { count: recipients - 1, perDay: recipientsPerDay });
    if (!turn.refusal && turn.waitMs > 0) await sleep(Math.min(turn.waitMs, WAIT_MS));
  } catch (error) {
    log.warn({ error }, "mail of Postkey is not counted");
  }
}

/** The places of this process, which most of the time holds none and has no lease to renew. */
class OwnPlaces {
  #users = 0;
  #places: Promise<Places> | undefined;

  /** @returns what gives it back; null when none became free in time @throws Error of the database */
  async take(wanted: Wanted): Promise<(() => void) | null> {
    this.#users += 1;
    this.#places ??= begin();
    const taken = this.#places.then((places) => places.take(wanted));
    const giveBack = await taken.catch((error: unknown) => {
      this.#leave();
      throw error;
    });
    if (!giveBack) this.#leave();
    return (
      giveBack &&
      (() => {
        giveBack();
        this.#leave();
      })
    );
  }

  #leave(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    const places = this.#places;
    this.#places = undefined;
    void places?.then((each) => each.stop()).catch(() => {});
  }
}

async function begin(): Promise<Places> {
  const places = new Places();
  await places.start();
  return places;
}
