import { elapsed, SECOND_MS } from "@/lib/kernel/clock";

const TICK_MS = 5;

export type Tally = {
  /** How often each answer came, in the end. */
  answers: Record<string, number>;
  arrived: number;
  /** While they came; the rest were still waiting when the last one had come. */
  answeredMeanwhile: number;
  seconds: number;
};

export type Arrivals = {
  /** Lets no more come, and waits for the answers of those that did. Once more, it says the same. */
  stop(): Promise<Tally>;
};

/**
 * So many per second, by the clock, whether or not the ones before were answered. A client that waits for
 * its answer attacks less the slower it is served, so a load of that kind flatters.
 *
 * @param arrive does one arrival; it gets the arrival's number and returns the answer in a word
 */
export function startArrivals(
  perSecond: number,
  arrive: (index: number) => Promise<string>,
): Arrivals {
  const startedAt = elapsed();
  const answers: Record<string, number> = {};
  const all: Promise<void>[] = [];
  let answered = 0;
  const come = async (index: number) => {
    const answer = await arrive(index).catch(() => "none");
    answers[answer] = (answers[answer] ?? 0) + 1;
    answered += 1;
  };
  const letCome = () => {
    const ms = elapsed() - startedAt;
    while (all.length < Math.floor((ms * perSecond) / SECOND_MS)) all.push(come(all.length));
    return ms / SECOND_MS;
  };
  const timer = setInterval(letCome, TICK_MS);
  let tally: Promise<Tally> | undefined;
  const end = async () => {
    clearInterval(timer);
    const [answeredMeanwhile, seconds] = [answered, letCome()];
    await Promise.all(all);
    return { answers, arrived: all.length, answeredMeanwhile, seconds };
  };
  return {
    stop() {
      tally ??= end();
      return tally;
    },
  };
}
