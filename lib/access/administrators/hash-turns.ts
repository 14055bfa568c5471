import { AppError } from "@/lib/kernel/errors";
import { singleton } from "@/lib/kernel/singleton";

/** A hash takes 128 MiB and a third of a second of a core: no more than two run at once. */
const AT_ONCE = 2;
/** Who waits longer than a few seconds has gone, and would only keep others waiting. */
const MAX_WAITING = 16;
const MAX_WAITING_OF_CLIENT = 4;
/** With more strangers than these at a time it is an attack, most likely. */
const CROWD = 2;
const RETRY_AFTER_S = 2;

export type Client = {
  /** Whom these attempts are counted for: an address, or a browser that signed in before. */
  name: string;
  /** Known ones go first, and strangers cannot take their places. */
  isKnown: boolean;
};

type Waiting = Client & { go: () => void };
type Turns = { running: Client[]; waiting: Waiting[] };

const turns = () => singleton<Turns>("hash-turns", () => ({ running: [], waiting: [] }));

/**
 * Runs work that costs a hash when it is its turn: one at a time per client, so that a client that sends many
 * requests at once does not delay others, and no more in the queue than can be served before people give up.
 * A crowd of strangers has one turn at a time: the other is for known browsers, and for everything else here.
 *
 * @throws AppError too_many_requests, at once, when there is no place left
 */
export async function inTurn<T>(client: Client, work: () => Promise<T>): Promise<T> {
  requirePlace(client);
  await new Promise<void>((go) => {
    turns().waiting.push({ ...client, go });
    startNext(turns());
  });
  try {
    return await work();
  } finally {
    const { running } = turns();
    running.splice(
      running.findIndex(({ name }) => name === client.name),
      1,
    );
    startNext(turns());
  }
}

/** @throws AppError too_many_requests when there is no place left in the queue */
export function requirePlace({ name, isKnown }: Client): void {
  const { waiting } = turns();
  const own = waiting.filter((each) => each.name === name);
  const alike = waiting.filter((each) => each.isKnown === isKnown);
  if (own.length < MAX_WAITING_OF_CLIENT && alike.length < MAX_WAITING) return;
  throw new AppError(
    "too_many_requests",
    "Too many people are signing in at the moment. Try again in a few seconds.",
    { retryAfterSeconds: RETRY_AFTER_S },
  );
}

function startNext({ running, waiting }: Turns): void {
  const mayRun = ({ name, isKnown }: Client) =>
    running.every((each) => each.name !== name) &&
    (isKnown || hasTurnForStrangers({ running, waiting }));
  while (running.length < AT_ONCE) {
    const next =
      waiting.find((each) => each.isKnown && mayRun(each)) ?? waiting.find((each) => mayRun(each));
    if (!next) return;
    waiting.splice(waiting.indexOf(next), 1);
    running.push(next);
    next.go();
  }
}

function hasTurnForStrangers({ running, waiting }: Turns): boolean {
  const strangers = [...running, ...waiting].filter(({ isKnown }) => !isKnown);
  const isCrowd = new Set(strangers.map(({ name }) => name)).size > CROWD;
  return !isCrowd || running.every(({ isKnown }) => isKnown);
}
