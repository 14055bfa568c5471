import { AppError } from "@/lib/kernel/errors";
import { singleton } from "@/lib/kernel/singleton";

/** A hash takes 128 MiB and a third of a second of a core: no more than two run at once. */
const AT_ONCE = 2;
/** Who waits longer than a few seconds has gone, and would only keep others waiting. */
const MAX_WAITING = 16;
const MAX_WAITING_OF_CLIENT = 4;
const RETRY_AFTER_S = 2;

export type Client = {
  /** Whom these attempts are counted for: an address, or a browser that signed in before. */
  name: string;
  /** Known ones go first, and strangers cannot take their places. */
  isKnown: boolean;
};

type Waiting = Client & { go: () => void };
type Turns = { running: Client[]; waiting: Waiting[] };

/**
 * Does what costs a hash when it is its turn: one at a time for each client, so that nobody who sends many
 * requests at once keeps others waiting, and no more in the queue than are served while somebody waits.
 *
 * @throws AppError too_many_requests, at once, when there is no place left
 */
export async function inTurn<T>(client: Client, work: () => Promise<T>): Promise<T> {
  const turns = singleton<Turns>("hash-turns", () => ({ running: [], waiting: [] }));
  requirePlace(turns, client);
  await new Promise<void>((go) => {
    turns.waiting.push({ ...client, go });
    startNext(turns);
  });
  try {
    return await work();
  } finally {
    turns.running.splice(
      turns.running.findIndex(({ name }) => name === client.name),
      1,
    );
    startNext(turns);
  }
}

function requirePlace({ waiting }: Turns, { name, isKnown }: Client): void {
  const own = waiting.filter((each) => each.name === name);
  const alike = waiting.filter((each) => each.isKnown === isKnown);
  if (own.length < MAX_WAITING_OF_CLIENT && alike.length < MAX_WAITING) return;
  throw new AppError(
    "too_many_requests",
    "Too many people are signing in at the moment. Try again in a few seconds.",
    { retryAfterSeconds: RETRY_AFTER_S },
  );
}

function startNext(turns: Turns): void {
  const { running, waiting } = turns;
  const mayRun = ({ name }: Client) => running.every((each) => each.name !== name);
  while (running.length < AT_ONCE) {
    const next =
      waiting.find((each) => each.isKnown && mayRun(each)) ?? waiting.find((each) => mayRun(each));
    if (!next) return;
    waiting.splice(waiting.indexOf(next), 1);
    running.push(next);
    next.go();
  }
}
