import { setTimeout as sleep } from "node:timers/promises";
import { elapsed } from "@/lib/kernel/clock";
import { type Browser, trySignIn } from "../session";

/** One who signs in: how long it took, however often she was sent away meanwhile. */
export type Visit = { ms: number; isIn: boolean; refusals: number };

type Patience = {
  visits: number;
  /** Who is not in by then gives up; the time until then counts. */
  giveUpMs: number;
  /** No visit begins after that time, however few there were. */
  withinMs: number;
};

/** Signs in again and again, one visit after the other. */
export async function visit(
  browser: Browser,
  { visits, giveUpMs, withinMs }: Patience,
): Promise<Visit[]> {
  const startedAt = elapsed();
  const all: Visit[] = [];
  while (all.length < visits && elapsed() - startedAt < withinMs)
    all.push(await visitOnce(browser, giveUpMs));
  return all;
}

/** Comes back when she is told to, as the page asks her to. */
async function visitOnce(browser: Browser, giveUpMs: number): Promise<Visit> {
  const startedAt = elapsed();
  for (let refusals = 0; ; refusals += 1) {
    const { status, session, retryAfterMs } = await trySignIn(browser);
    const ms = elapsed() - startedAt;
    if (session) return { ms, isIn: true, refusals };
    // Her password is right: anything else is a fault, and no figure.
    if (status !== 429) throw new Error(`The administrator could not sign in (${status}).`);
    if (ms + retryAfterMs >= giveUpMs) return { ms: giveUpMs, isIn: false, refusals: refusals + 1 };
    await sleep(retryAfterMs);
  }
}
