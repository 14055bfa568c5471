import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { hashToken } from "@/lib/kernel/crypto";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { singleton } from "@/lib/kernel/singleton";
import { OpenIdFailure } from "./failure";

const AT_ONCE = 8;
/** Refused codes per minute: all unknown browsers together, and each known one. */
const FREE = { strangers: 60, known: 5 };
/** Then paced, because real codes are among them. */
const PACE_MS = SECOND_MS / 2;
const MAX_WAITING = 100;
const WAIT_MS = 15 * SECOND_MS;
const MAX_REMEMBERED = 1_000;
const STRANGERS = "";

export type Redeeming = {
  client: string;
  code: string;
  /** Null for unknown browsers. */
  browser: string | null;
};

type Waiting = { browser: string | null; settle: (isTurn: boolean) => void };
type Redemptions = {
  running: number;
  /** Last in, first out: in a flood, the longest waiting have probably left. */
  waiting: Waiting[];
  failures: Map<string, number[]>;
  strangersFrom: number;
  timer?: ReturnType<typeof setTimeout> | undefined;
};

const all = () => singleton("openid-redemptions", () => new Map<string, Redemptions>());
const refusedCodes = () => singleton("openid-refused-codes", () => new Map<string, true>());

/** Invented codes must not slow down a company and its people. @throws OpenIdFailure */
export async function redeemInTurn<T>(of: Redeeming, redeem: () => Promise<T>): Promise<T> {
  const shown = hashToken(`${of.client} ${of.code}`);
  if (refusedCodes().has(shown))
    throw new OpenIdFailure("code_refused", "The company refused this code before.");
  const redemptions = redemptionsOf(of.client);
  await turnOf(redemptions, of.browser);
  try {
    return await redeem();
  } catch (error) {
    // Other failures say nothing about the code.
    if (error instanceof OpenIdFailure && error.remedyId === "company.code_refused") {
      keepLatest(refusedCodes(), [shown, true], MAX_REMEMBERED);
      noteFailure(redemptions, of.browser);
    }
    throw error;
  } finally {
    redemptions.running -= 1;
    startNext(redemptions);
  }
}

function redemptionsOf(client: string): Redemptions {
  const fresh = { running: 0, waiting: [], failures: new Map(), strangersFrom: 0 };
  const found = all().get(client) ?? fresh;
  all().set(client, found);
  return found;
}

/** @throws OpenIdFailure when it takes too long */
async function turnOf(redemptions: Redemptions, browser: string | null): Promise<void> {
  const { waiting } = redemptions;
  const isTurn = await new Promise<boolean>((done) => {
    const settle = (isMine: boolean) => {
      clearTimeout(late);
      const at = waiting.indexOf(mine);
      if (at >= 0) waiting.splice(at, 1);
      done(isMine);
    };
    const mine = { browser, settle };
    const late = setTimeout(settle, WAIT_MS, false);
    waiting.unshift(mine);
    if (waiting.length > MAX_WAITING) leastWanted(redemptions)?.settle(false);
    startNext(redemptions);
  });
  if (!isTurn)
    throw new OpenIdFailure("too_many", "Others waited for the company before this sign-in.");
}

/** Unknown browsers make room first. */
function leastWanted(redemptions: Redemptions): Waiting | undefined {
  const { waiting } = redemptions;
  return waiting.findLast(({ browser }) => !isTrusted(redemptions, browser)) ?? waiting.at(-1);
}

function startNext(redemptions: Redemptions): void {
  const { waiting } = redemptions;
  while (redemptions.running < AT_ONCE) {
    const known = waiting.find(({ browser }) => isTrusted(redemptions, browser));
    const next = known ?? (hasTurnForStrangers(redemptions) ? waiting[0] : undefined);
    if (!next) break;
    if (!known) redemptions.strangersFrom = elapsed() + PACE_MS;
    redemptions.running += 1;
    next.settle(true);
  }
  if (waiting.length === 0 || redemptions.running >= AT_ONCE) return;
  redemptions.timer ??= setTimeout(() => {
    redemptions.timer = undefined;
    startNext(redemptions);
  }, PACE_MS);
}

function isTrusted(redemptions: Redemptions, browser: string | null): boolean {
  return browser !== null && recentFailures(redemptions, browser) < FREE.known;
}

function hasTurnForStrangers(redemptions: Redemptions): boolean {
  const isCalm = recentFailures(redemptions, STRANGERS) < FREE.strangers;
  return isCalm || elapsed() >= redemptions.strangersFrom;
}

function noteFailure(redemptions: Redemptions, browser: string | null): void {
  const whose = isTrusted(redemptions, browser) && browser !== null ? browser : STRANGERS;
  const recent = (redemptions.failures.get(whose) ?? []).slice(-FREE.strangers);
  keepLatest(redemptions.failures, [whose, [...recent, elapsed()]], MAX_REMEMBERED);
}

function recentFailures({ failures }: Redemptions, whose: string): number {
  const since = elapsed() - MINUTE_MS;
  return (failures.get(whose) ?? []).filter((at) => at > since).length;
}
