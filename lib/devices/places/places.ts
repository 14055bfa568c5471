import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import type { MailService } from "@/lib/mail/services/schema";
import {
  ASK_EVERY_MS,
  endLease,
  giveBackInDoubt,
  givePlacesBack,
  type Place,
  placesOf,
  RENEW_EVERY_MS,
  renewLease,
  type Served,
  type Serving,
  takePlace,
  takeWanted,
  wantPlace,
} from "./store";

/** For how long a login waits for a place, and how long a session is idle that gives its own up. */
type Waits = { placeMs: number; idleMs: number };

const LOOK_EVERY_MS = SECOND_MS;

/** A session that holds a place and may not need it. */
export type Idler = {
  /** Zero while a message is under way, unless it begins one after the other and sends none. */
  readonly idleMs: number;
  /** At once, or as soon as it can. @returns whether it was at once */
  giveUp(): boolean;
};

/** Kept for the next login, no longer than another gateway takes between two questions. */
const KEEP_MS = ASK_EVERY_MS;
/** Nor is it passed on for longer: others ask for it too. */
const PASS_ON_MS = SECOND_MS;

export type Wanted = { mailboxId: string; service: MailService; protocol: Served };

type Held = Place & { since: number };

type Queue = ((place: Held) => void)[];

/** Of all gateways together: a login waits for a free place. A killed gateway's are free after its lease. */
export class Places {
  readonly #waits: Waits;
  readonly #id = randomUUID();
  readonly #queues = new Map<string, Queue>();
  /** Unused: for the next login, or still to be given back. The last one behind. */
  readonly #kept = new Map<string, Held[]>();
  #returning: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  /** By mailbox; of SMTP alone, where the next message may take another place. */
  readonly #idlers = new Map<string, Set<Idler>>();
  #serving: () => Serving | undefined = () => undefined;
  #timers: ReturnType<typeof setInterval>[] = [];

  constructor(waits: Waits = { placeMs: 20 * SECOND_MS, idleMs: 10 * SECOND_MS }) {
    this.#waits = waits;
  }

  /** @param listeners where the gateway serves devices, as its health tells */
  async start(listeners?: readonly string[]): Promise<void> {
    const since = elapsed();
    this.#serving = () => listeners && { host: hostname(), listeners, forMs: elapsed() - since };
    await renewLease(this.#id, this.#serving());
    this.#timers = [
      setInterval(() => void this.#renew(), RENEW_EVERY_MS).unref(),
      setInterval(() => void this.#giveUpIdle(), LOOK_EVERY_MS).unref(),
    ];
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#returning);
    this.#isOver = true;
    await endLease(this.#id).catch((error: unknown) =>
      log.warn({ error }, "places are not given back"),
    );
  }

  /** @returns what gives it back; null when none became free in time @throws Error of the database */
  async take(wanted: Wanted): Promise<(() => void) | null> {
    const key = `${wanted.mailboxId} ${wanted.protocol}`;
    const isFirst = !this.#queues.has(key);
    const place = isFirst ? ((await this.#takeKept(key)) ?? (await this.#ask(wanted))) : null;
    const taken = place ?? (await this.#wait(key, wanted));
    if (!taken) return null;
    let isTaken = true;
    return () => {
      if (isTaken) this.#giveBack(key, taken);
      isTaken = false;
    };
  }

  /** Gives up the place of a session while it is idle and another waits. @returns what takes that back */
  offer(mailboxId: string, idler: Idler): () => void {
    const ofMailbox = this.#idlers.get(mailboxId) ?? new Set();
    this.#idlers.set(mailboxId, ofMailbox.add(idler));
    return () => {
      if (ofMailbox.delete(idler) && ofMailbox.size === 0) this.#idlers.delete(mailboxId);
    };
  }

  /** One of each mailbox whose places are wanted, by whichever gateway: the one that is idle longest. */
  async #giveUpIdle(): Promise<void> {
    const isIdle = ({ idleMs }: Idler) => idleMs >= this.#waits.idleMs;
    const idle = new Map<string, Idler[]>();
    for (const [mailboxId, ofMailbox] of this.#idlers) {
      const longestFirst = [...ofMailbox].sort((a, b) => b.idleMs - a.idleMs).filter(isIdle);
      if (longestFirst.length > 0) idle.set(mailboxId, longestFirst);
    }
    if (idle.size === 0) return;
    const wanted = await takeWanted([...idle.keys()], "smtp").catch(() => []);
    // It may have begun a message meanwhile. One that can't part at once may never be able to.
    for (const mailboxId of wanted)
      idle.get(mailboxId)?.find((idler) => isIdle(idler) && idler.giveUp());
  }

  async #ask({ mailboxId, service, protocol }: Wanted): Promise<Held | null> {
    const of = { most: placesOf(service)[protocol], gatewayId: this.#id };
    const place = { mailboxId, protocol, claim: randomUUID() };
    try {
      // Two that take the same one at once: the second asks again.
      const isTaken = (await takePlace(place, of)) || (await takePlace(place, of));
      return isTaken ? { ...place, since: elapsed() } : null;
    } catch (error) {
      giveBackInDoubt([place], this.#id);
      throw error;
    }
  }

  /** One that was given back just now; the lease of this gateway covers it. */
  async #takeKept(key: string): Promise<Held | null> {
    const kept = this.#kept.get(key);
    const last = kept?.pop();
    if (kept?.length === 0) this.#kept.delete(key);
    if (!last) return null;
    if (elapsed() - last.since < PASS_ON_MS) return last;
    await givePlacesBack([last], this.#id).catch((error: unknown) => {
      this.#keep(key, [last]);
      throw error;
    });
    return null;
  }

  #wait(key: string, of: Wanted): Promise<Held | null> {
    const queue = this.#queues.get(key) ?? [];
    return new Promise((resolve) => {
      const turn = (place: Held) => {
        clearTimeout(late);
        resolve(place);
      };
      const late = setTimeout(() => {
        queue.splice(queue.indexOf(turn), 1);
        resolve(null);
      }, this.#waits.placeMs);
      queue.push(turn);
      if (this.#queues.has(key)) return;
      this.#queues.set(key, queue);
      this.#askFor(key, of);
    });
  }

  /** For all that wait, one after the other, as long as any does. */
  #askFor(key: string, of: Wanted): void {
    setTimeout(async () => {
      const queue = this.#queues.get(key) ?? [];
      if (queue.length > 0) {
        const place = await this.#ask(of).catch(() => null);
        if (place) this.#giveBack(key, place);
        else if (of.protocol === "smtp") await wantPlace(of).catch(() => {});
      }
      if (queue.length > 0) this.#askFor(key, of);
      else this.#queues.delete(key);
    }, ASK_EVERY_MS);
  }

  #giveBack(key: string, place: Held): void {
    const next = this.#queues.get(key)?.shift();
    if (next) next(place);
    else this.#keep(key, [place]);
  }

  #keep(key: string, places: readonly Held[]): void {
    if (this.#isOver) return;
    this.#kept.set(key, [...(this.#kept.get(key) ?? []), ...places]);
    this.#returning ??= setTimeout(() => void this.#returnKept(), KEEP_MS).unref();
  }

  /** In one statement. What can't be given back while the database is away is given back later. */
  async #returnKept(): Promise<void> {
    const kept = [...this.#kept];
    this.#kept.clear();
    this.#returning = undefined;
    const places = kept.flatMap(([, ofKey]) => ofKey);
    if (places.length === 0) return;
    await givePlacesBack(places, this.#id).catch(() => {
      for (const [key, ofKey] of kept) this.#keep(key, ofKey);
    });
  }

  async #renew(): Promise<void> {
    try {
      await renewLease(this.#id, this.#serving());
    } catch (error) {
      log.warn({ error }, "the gateway's lease for devices is not renewed");
    }
  }
}
