import { elapsed, HOUR_MS, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";

/** How often a kind of use is told: a program may ask for a token a thousand times a second. */
const TOLD_EVERY_MS = HOUR_MS;
const FLUSH_EVERY_MS = 10 * SECOND_MS;
/** Saved in one transaction: others write to the trail as well. */
const SAVED_AT_ONCE = 1_000;

type Tally<T> = { what: T; count: number; since: number; isTold: boolean };

export type Counted<T> = { what: T; count: number; since: string };

type Options<T> = {
  most: number;
  save: (counted: Counted<T>[]) => Promise<void>;
  /** Saved each time, before the uses. */
  first?: () => Promise<void>;
};

/**
 * In memory, so that a use never waits and never fails. The first use of a kind is saved within ten seconds, later
 * ones once an hour as a number. A process that is killed loses what it counted.
 */
export class UseTallies<T> {
  readonly #tallies = new Map<string, Tally<T>>();
  readonly #options: Options<T>;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: Options<T>) {
    this.#options = options;
    setInterval(() => void this.flush(TOLD_EVERY_MS), FLUSH_EVERY_MS).unref();
  }

  /** @param rest a coarser kind, for when too many are told apart */
  count([kind, what]: [string, T], rest?: [string, T]): void {
    const known = this.#tallies.get(kind);
    if (known) known.count += 1;
    else if (this.#tallies.size < this.#options.most || !rest)
      this.#tallies.set(kind, { what, count: 1, since: elapsed(), isTold: false });
    else this.count(rest);
  }

  /** Saves new kinds, and those counted for so long, which are then forgotten. What fails is kept. */
  flush(olderThanMs: number): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#flush(olderThanMs));
    return this.#flushing;
  }

  async #flush(olderThanMs: number): Promise<void> {
    const isOld = ({ since }: Tally<T>) => elapsed() - since >= olderThanMs;
    const due = [...this.#tallies.values()].filter(
      (tally) => tally.count > 0 && (!tally.isTold || isOld(tally)),
    );
    try {
      await this.#options.first?.();
      for (let from = 0; from < due.length; from += SAVED_AT_ONCE)
        await this.#save(due.slice(from, from + SAVED_AT_ONCE));
    } catch (error) {
      log.warn({ error }, "uses are not written down for now");
    }
    for (const [kind, tally] of this.#tallies)
      if (tally.count === 0 && isOld(tally)) this.#tallies.delete(kind);
  }

  async #save(tallies: Tally<T>[]): Promise<void> {
    const counted = tallies.map(({ what, count, since }) => ({
      what,
      count,
      since: new Date(wallTime().getTime() - (elapsed() - since)).toISOString(),
    }));
    await this.#options.save(counted);
    for (const [at, tally] of tallies.entries()) {
      // Uses that came meanwhile stay counted.
      tally.count -= counted[at]?.count ?? 0;
      Object.assign(tally, { since: elapsed(), isTold: true });
    }
  }
}
