import { elapsed, SECOND_MS } from "@/lib/kernel/clock";

/** A device says something at once: who has been silent for longer only holds a connection. */
const SILENT_MS = SECOND_MS;

export type Newcomer = {
  socket: { destroy(): unknown };
  /** When it came. */
  readonly since: number;
  /** Whether it has made TLS or said a command. */
  readonly hasSpoken: boolean;
  /** Whether it is on the way to its login: it gave a user name, or has TLS and said a command. */
  readonly hasBegun: boolean;
  isLoggingIn: boolean;
  isPutOut: boolean;
  sayBye(): void;
};

/** One of which nothing is known yet, not even where it comes from. */
export function unnamed(socket: Newcomer["socket"]): Newcomer {
  const said = { hasSpoken: false, hasBegun: false };
  const state = { isLoggingIn: false, isPutOut: false };
  return { socket, since: elapsed(), ...said, ...state, sayBye: () => void socket.destroy() };
}

/**
 * The clients that have not logged in. All of them together have half of the places, and another one makes room: a
 * device logs in at once, and strangers who only hold connections, from however many networks, keep no one out. One
 * whose login is looked up is the last to go.
 */
export class Newcomers<C extends Newcomer> implements Iterable<C> {
  readonly #clients = new Set<C>();
  readonly #most: number;

  /** @param room how many connections there may be, logged in or not */
  constructor(room: number) {
    this.#most = Math.ceil(room / 2);
  }

  /** @returns whether another one made room */
  add(client: C): boolean {
    const isFull = this.#clients.size >= this.#most;
    // Chosen among those that were there: the last to come has begun nothing yet.
    const goes = next(this.#clients, this.#most) ?? (client.isLoggingIn ? this.#first() : client);
    this.#clients.add(client);
    return isFull && putOut(this.#clients, goes);
  }

  /**
   * Where all places are taken, by those that have logged in as well.
   * @returns whether one that is only connected made room
   */
  makeRoom(): boolean {
    return putOut(this.#clients, next(this.#clients, this.#most));
  }

  delete(client: C): void {
    this.#clients.delete(client);
  }

  [Symbol.iterator](): Iterator<C> {
    return this.#clients.values();
  }

  #first(): C | undefined {
    return this.#clients.values().next().value;
  }
}

/**
 * The same clients by the network that they come from. Each network has so many places: behind one address may be many
 * devices, and one of them that only connects, again and again, must not keep the others out.
 */
export class Neighbours<C extends Newcomer> {
  readonly #byNetwork = new Map<string, Set<C>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether there is no place, and none can be made. */
  isFull(network: string): boolean {
    const clients = this.#crowdOf(network);
    return clients !== null && next(clients, this.#most) === undefined;
  }

  /** @returns whether another one had to make room */
  makeRoom(network: string): boolean {
    const clients = this.#crowdOf(network);
    return clients !== null && putOut(clients, next(clients, this.#most));
  }

  /** Null where there is a place. */
  #crowdOf(network: string): Set<C> | null {
    const clients = this.#byNetwork.get(network);
    return clients && clients.size >= this.#most ? clients : null;
  }

  /** @returns what takes it back */
  add(network: string, client: C): () => void {
    const clients = this.#byNetwork.get(network) ?? new Set();
    this.#byNetwork.set(network, clients.add(client));
    return () => {
      clients.delete(client);
      if (clients.size === 0 && this.#byNetwork.get(network) === clients)
        this.#byNetwork.delete(network);
    };
  }
}

/**
 * Who makes room: the one that has been silent for longest, or else the oldest, of those that have not begun to log in
 * as long as they have half of the places. So neither those that only connect, one after the other, put out one that is
 * between two commands, nor those that stop halfway one that has just come. None whose login is looked up.
 */
function next<C extends Newcomer>(oldestFirst: Iterable<C>, most: number): C | undefined {
  const now = elapsed();
  let oldest: C | undefined;
  let begun: C | undefined;
  let haveBegun = 0;
  for (const client of oldestFirst) {
    if (client.isLoggingIn) continue;
    if (client.hasBegun) {
      begun ??= client;
      haveBegun += 1;
      continue;
    }
    oldest ??= client;
    if (!client.hasSpoken && now - client.since >= SILENT_MS) return client;
  }
  return haveBegun > most / 2 ? begun : (oldest ?? begun);
}

function putOut<C extends Newcomer>(clients: Set<C>, client: C | undefined): boolean {
  if (!client) return false;
  clients.delete(client);
  client.isPutOut = true;
  client.socket.destroy();
  return true;
}
