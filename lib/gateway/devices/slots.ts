import { randomUUID } from "node:crypto";
import {
  endLease,
  givePlaceBack,
  type Place,
  renewLease,
  takePlace,
  takeWanted,
  wantPlace,
} from "@/lib/access/devices/places/store";
import type { Protocol } from "@/lib/egress/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";

/** What the providers allow of one mailbox, or less: Exchange Online refuses a fourth SMTP connection. */
const SLOTS: Readonly<Record<Protocol, number>> = { smtp: 3, imap: 10, pop3: 1 };
const WAIT_MS = 20 * SECOND_MS;
/** One that another gateway gives back is found so soon; of one's own at once. */
const ASK_EVERY_MS = 250;
/** A session of SMTP that says nothing for so long gives its place to one that waits. */
const IDLE_MS = 10 * SECOND_MS;
/** A third of the lease: two may be missed. */
const RENEW_EVERY_MS = 3 * SECOND_MS;

/** A session that holds a place and may not need it. */
export type Idler = {
  /** Zero while something is under way. */
  readonly idleMs: number;
  giveUp(): void;
};

/** Logins that wait for a place of one account and protocol, the first one in front. */
type Queue = ((place: Place) => void)[];

/**
 * Connections to the server of one account, by protocol, of all gateways together: a login waits for a free
 * one before it is refused. Those of a gateway that was killed are free when its lease ends.
 */
export class Slots {
  readonly #id = randomUUID();
  readonly #queues = new Map<string, Queue>();
  /** Could not be given back while the database was away. */
  readonly #left = new Set<Place>();
  /** By account; of SMTP alone, where the next message may take another place. */
  readonly #idlers = new Map<string, Set<Idler>>();
  #timers: ReturnType<typeof setInterval>[] = [];

  async start(): Promise<void> {
    await renewLease(this.#id);
    this.#timers = [
      setInterval(() => void this.#renew(), RENEW_EVERY_MS).unref(),
      setInterval(() => void this.#giveUpIdle(), SECOND_MS).unref(),
    ];
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await endLease(this.#id).catch((error: unknown) =>
      log.warn({ error }, "places are not given back"),
    );
  }

  /**
   * @returns what gives it back; null when none became free in time
   * @throws Error of the database
   */
  async take(emailAccountId: string, protocol: Protocol): Promise<(() => void) | null> {
    const key = `${emailAccountId} ${protocol}`;
    const isFirst = !this.#queues.has(key);
    const place = isFirst ? await this.#ask(emailAccountId, protocol) : null;
    const taken = place ?? (await this.#wait(key, { emailAccountId, protocol }));
    if (!taken) return null;
    let isTaken = true;
    return () => {
      if (isTaken) this.#giveBack(key, taken);
      isTaken = false;
    };
  }

  /** Gives the place of a session up while it is idle and somebody waits. @returns what takes that back */
  offer(emailAccountId: string, idler: Idler): () => void {
    const ofAccount = this.#idlers.get(emailAccountId) ?? new Set();
    this.#idlers.set(emailAccountId, ofAccount.add(idler));
    return () => {
      if (ofAccount.delete(idler) && ofAccount.size === 0) this.#idlers.delete(emailAccountId);
    };
  }

  /** One of each mailbox whose places are wanted, by whichever gateway: the one that is idle longest. */
  async #giveUpIdle(): Promise<void> {
    const longest = new Map<string, Idler>();
    for (const [emailAccountId, ofAccount] of this.#idlers) {
      const [first] = [...ofAccount].sort((a, b) => b.idleMs - a.idleMs);
      if (first && first.idleMs >= IDLE_MS) longest.set(emailAccountId, first);
    }
    if (longest.size === 0) return;
    const wanted = await takeWanted([...longest.keys()], "smtp").catch(() => []);
    for (const emailAccountId of wanted) {
      const idler = longest.get(emailAccountId);
      // It may have begun a message meanwhile.
      if (idler && idler.idleMs >= IDLE_MS) idler.giveUp();
    }
  }

  async #ask(emailAccountId: string, protocol: Protocol): Promise<Place | null> {
    const wanted = { emailAccountId, protocol, most: SLOTS[protocol], gatewayId: this.#id };
    // Two that take the same one at once: the second asks again.
    return (await takePlace(wanted)) ?? takePlace(wanted);
  }

  #wait(key: string, of: { emailAccountId: string; protocol: Protocol }): Promise<Place | null> {
    const queue = this.#queues.get(key) ?? [];
    return new Promise((resolve) => {
      const turn = (place: Place) => {
        clearTimeout(late);
        resolve(place);
      };
      const late = setTimeout(() => {
        queue.splice(queue.indexOf(turn), 1);
        resolve(null);
      }, WAIT_MS);
      queue.push(turn);
      if (this.#queues.has(key)) return;
      this.#queues.set(key, queue);
      this.#askFor(key, of);
    });
  }

  /** For all that wait, one after the other, as long as any does. */
  #askFor(key: string, of: { emailAccountId: string; protocol: Protocol }): void {
    setTimeout(async () => {
      const queue = this.#queues.get(key) ?? [];
      if (queue.length > 0) {
        const place = await this.#ask(of.emailAccountId, of.protocol).catch(() => null);
        if (place) this.#giveBack(key, place);
        else if (of.protocol === "smtp") await wantPlace(of).catch(() => {});
      }
      if (queue.length > 0) this.#askFor(key, of);
      else this.#queues.delete(key);
    }, ASK_EVERY_MS);
  }

  /** To the one who waits longest, if any does. */
  #giveBack(key: string, place: Place): void {
    const next = this.#queues.get(key)?.shift();
    if (next) next(place);
    else void this.#free(place);
  }

  async #free(place: Place): Promise<void> {
    this.#left.delete(place);
    await givePlaceBack(place, this.#id).catch(() => this.#left.add(place));
  }

  async #renew(): Promise<void> {
    try {
      await renewLease(this.#id);
      for (const place of this.#left) await this.#free(place);
    } catch (error) {
      log.warn({ error }, "the gateway's lease for devices is not renewed");
    }
  }
}
