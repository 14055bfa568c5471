import { setTimeout as sleep } from "node:timers/promises";
import { ADMINISTRATOR, type Bench } from "../bench";
import { beside, type Figure, figure, inWords } from "../figures";
import { sendForm, signInBy, takeForm, type Visitor } from "../http";
import { inFull, percentile } from "../rounds";

const WAY = "callback/credentials";
const PER_SECOND = inFull(200, 20);
const VISITS = inFull(40, 3);
/** Who is not in by then gives up; the time until then counts. */
const GIVE_UP_MS = inFull(30_000, 4_000);
/** No visit begins after that time, however few there were. */
const WITHIN_MS = inFull(60_000, 5_000);

/** A proxy on this machine says where requests come from; the load speaks for it. */
const BEHIND_A_PROXY = { POSTKEY_TRUST_PROXY: "127.0.0.1" };
const HER_ADDRESS = "203.0.113.5";

/** Who tries passwords, and whose; each /64 counts as one who is somewhere else. */
type Attack = { from: string; address: (nth: number) => string; email: (nth: number) => string };
const ownNetwork = (nth: number) => `2001:db8:66:${(nth % 0x10000).toString(16)}::1`;
const hers = () => ADMINISTRATOR.email;
const nobodys = (nth: number) => `nobody-${nth}@example.com`;
const ATTACKS: Attack[] = [
  { from: "one address", address: () => "198.51.100.66", email: hers },
  { from: "an address each", address: ownNetwork, email: hers },
  // No limit counts these together: each is the first of its address and of its account.
  { from: "an address and an account each", address: ownNetwork, email: nobodys },
];

/** How long an administrator takes to sign in while strangers elsewhere try passwords. */
export async function measureSignIn(bench: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const attack of ATTACKS)
    for (const browser of ["her browser", "a new browser"])
      figures.push(await measureUnder(bench, attack, browser));
  return figures;
}

let installations = 0;

async function measureUnder(bench: Bench, attack: Attack, browser: string): Promise<Figure> {
  // Each attack starts on an installation without earlier attempts: the first ones cost the most.
  const site = await bench.install(`sign_in_${++installations}`, { extra: BEHIND_A_PROXY });
  const { url } = await site.web();
  const visitor: Visitor = { url, address: HER_ADDRESS };
  const { browser: cookie } = await signInBy(visitor, WAY, ADMINISTRATOR);
  if (browser === "her browser" && cookie) visitor.cookies = [cookie];
  await visits(visitor, inFull(5, 1)); // a few, to warm up
  const calm = percentile(await visits(visitor), 0.99);
  const stop = await startAttack(url, attack);
  const attacked = await visits(visitor);
  const busy = percentile(attacked, 0.99);
  const gaveUp = attacked.filter((ms) => ms === GIVE_UP_MS).length;
  const note = `${beside(busy, calm, "ms")}; ${gaveUp} gave up; ${await stop()}`;
  const what = `sign-in from ${browser}, wrong passwords from ${attack.from}: p99 beside idle`;
  return figure(what, busy / calm, "<= 2 x", note);
}

/** Milliseconds of one visit after the other. */
async function visits(visitor: Visitor, count = VISITS): Promise<number[]> {
  const startedAt = performance.now();
  const times: number[] = [];
  while (times.length < count && performance.now() - startedAt < WITHIN_MS)
    times.push(await visitOnce(visitor));
  return times;
}

/** Comes back when she is told to, as the page asks her to. */
async function visitOnce(visitor: Visitor): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await signInBy(visitor, WAY, ADMINISTRATOR);
    const ms = performance.now() - startedAt;
    if (answer.session) return ms;
    // Her password is right: anything else is a fault, and no figure.
    if (answer.status !== 429) throw new Error(`She could not sign in (${answer.status}).`);
    if (ms + answer.retryAfterMs >= GIVE_UP_MS) return GIVE_UP_MS;
    await sleep(answer.retryAfterMs);
  }
}

/**
 * So many wrong passwords a second, by the clock, whether or not the ones before were answered: a client that waits
 * for its answer attacks less the slower it is served.
 * @returns stops it, and says how many were refused
 */
async function startAttack(url: string, { address, email }: Attack) {
  const form = await takeForm({ url, address: address(0) });
  const startedAt = performance.now();
  const all: Promise<unknown>[] = [];
  let refused = 0;
  const tryOne = async (nth: number) => {
    const fields = { email: email(nth), password: `wrong-${nth}` };
    const visitor = { url, address: address(nth) };
    const response = await sendForm(visitor, { way: WAY, form, fields });
    await response.text();
    if (response.status === 401 || response.status === 429) refused += 1;
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) * PER_SECOND) / 1_000;
    while (all.length < due) all.push(tryOne(all.length).catch(() => {}));
  }, 5);
  return async () => {
    clearInterval(timer);
    const rate = (refused * 1_000) / (performance.now() - startedAt);
    await Promise.all(all);
    return `${inWords(rate, "/s")} and ${refused} of ${all.length} refused`;
  };
}
