import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Protocol } from "@/lib/egress/schema";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { countUp } from "@/lib/kernel/metrics/counters";
import { singleton } from "@/lib/kernel/singleton";
import { HOLD_MS, limitsOfMailbox } from "../pace/limits";
import { takeMessage, takeRecipient } from "../pace/store";
import {
  ASK_EVERY_MS,
  findMailbox,
  giveBackInDoubt,
  givePlacesBack,
  type Place,
  placesOf,
  RENEW_EVERY_MS,
  renewLease,
  takePlace,
  wantPlace,
} from "./store";

/** Postkey's own mail and tests wait no longer for a place, and go without one then: an alert can't be put off. */
const WAIT_MS = 3 * SECOND_MS;

type Subject = { emailAccountId: string; protocol: Protocol };

/**
 * A connection to an account's server that Postkey makes by itself, beside those of the devices: in one of the places
 * of its mailbox where one becomes free soon, and without one otherwise.
 */
export async function inPlace<T>(subject: Subject, work: () => Promise<T>): Promise<T> {
  const places = singleton("own-places", () => new OwnPlaces());
  const giveBack = await places.take(subject).catch((error: unknown) => {
    log.warn({ error }, "no place is taken for a connection of Postkey");
    return null;
  });
  countUp("postkey_own_connections_total", { outcome: giveBack ? "placed" : "beyond" });
  try {
    return await work();
  } finally {
    giveBack?.();
  }
}

/** Mail of Postkey counts as that of devices does, and waits for its turn no longer than for a place. */
export async function countOwnMail(emailAccountId: string, recipients: number): Promise<void> {
  try {
    const { mailboxId, service } = (await findMailbox(emailAccountId)) ?? {};
    if (mailboxId === undefined || service === undefined) return;
    const { pace: ofMailbox, recipientsPerDay } = limitsOfMailbox(service);
    if (!ofMailbox && recipientsPerDay === null) return;
    const limits = { deviceId: null, mailboxId, ofDevice: null, ofMailbox, recipientsPerDay };
    const turn = await takeMessage({ ...limits, holdMs: HOLD_MS });
    if (recipientsPerDay !== null)
      for (let more = 1; more < recipients; more += 1)
        await takeRecipient(mailboxId, recipientsPerDay);
    if (!turn.refusal && turn.waitMs > 0) await sleep(Math.min(turn.waitMs, WAIT_MS));
  } catch (error) {
    log.warn({ error }, "mail of Postkey is not counted");
  }
}

/** The places of this process; those of one that was killed are free when its lease ends. */
class OwnPlaces {
  readonly #id = randomUUID();
  #users = 0;
  #lease: Promise<void> | undefined;
  #renewing: ReturnType<typeof setInterval> | undefined;

  /** @returns what gives it back; null when none became free in time @throws Error of the database */
  async take({ emailAccountId, protocol }: Subject): Promise<(() => void) | null> {
    const mailbox = await findMailbox(emailAccountId);
    if (!mailbox) return null;
    const { mailboxId, service } = mailbox;
    const most = placesOf(service)[protocol];
    this.#users += 1;
    try {
      this.#lease ??= this.#begin();
      await this.#lease;
      const place = await this.#ask({ mailboxId, protocol }, most);
      if (place) return () => void this.#giveBack(place);
    } catch (error) {
      this.#leave();
      throw error;
    }
    this.#leave();
    return null;
  }

  async #begin(): Promise<void> {
    await renewLease(this.#id);
    this.#renewing = setInterval(() => {
      renewLease(this.#id).catch((error: unknown) =>
        log.warn({ error }, "the lease of Postkey's own places is not renewed"),
      );
    }, RENEW_EVERY_MS).unref();
  }

  async #ask(of: Omit<Place, "claim">, most: number): Promise<Place | null> {
    const place = { ...of, claim: randomUUID() };
    const since = elapsed();
    for (;;) {
      if (await this.#takes(place, most)) return place;
      if (elapsed() - since > WAIT_MS) return null;
      await wantPlace(of);
      await sleep(ASK_EVERY_MS);
    }
  }

  async #takes(place: Place, most: number): Promise<boolean> {
    try {
      return await takePlace(place, { most, gatewayId: this.#id });
    } catch (error) {
      giveBackInDoubt([place], this.#id);
      throw error;
    }
  }

  async #giveBack(place: Place): Promise<void> {
    await givePlacesBack([place], this.#id).catch((error: unknown) => {
      giveBackInDoubt([place], this.#id);
      log.warn({ error }, "a place of Postkey is not given back yet");
    });
    this.#leave();
  }

  /** Most of the time a process holds no place, and has no lease to renew. */
  #leave(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    clearInterval(this.#renewing);
    this.#lease = undefined;
  }
}
