import { elapsed, SECOND_MS } from "@/lib/kernel/clock";

/** A device says something at once: who has been silent for longer only holds a connection. */
const SILENT_MS = SECOND_MS;

export type Newcomer = {
  socket: { destroy(): unknown };
  /** When it came. */
  readonly since: number;
  /** Whether it has made TLS or said a command. */
  readonly hasSpoken: boolean;
  isLoggingIn: boolean;
  isPutOut: boolean;
  sayBye(): void;
};

/** One of which nothing is known yet, not even where it comes from. */
export function unnamed(socket: Newcomer["socket"]): Newcomer {
  const said = { hasSpoken: false, isLoggingIn: false, isPutOut: false };
  return { socket, since: elapsed(), ...said, sayBye: () => void socket.destroy() };
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
    this.#clients.add(client);
    return (
      this.#clients.size > this.#most && putOut(this.#clients, next(this.#clients) ?? this.#first())
    );
  }

  /**
   * Where all places are taken, by those that have logged in as well.
   * @returns whether one that is only connected made room
   */
  makeRoom(): boolean {
    return putOut(this.#clients, next(this.#clients));
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

  /** @returns whether there is a place, or one was made by putting another out */
  makeRoom(network: string): "free" | "made" | "full" {
    const clients = this.#byNetwork.get(network);
    if (!clients || clients.size < this.#most) return "free";
    return putOut(clients, next(clients)) ? "made" : "full";
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

/** Who makes room: the one that has been silent for longest, or else the oldest. None whose login is looked up. */
function next<C extends Newcomer>(oldestFirst: Iterable<C>): C | undefined {
  const now = elapsed();
  let oldest: C | undefined;
  for (const client of oldestFirst) {
    if (client.isLoggingIn) continue;
    oldest ??= client;
    if (now - client.since < SILENT_MS) break;
    if (!client.hasSpoken) return client;
  }
  return oldest;
}

function putOut<C extends Newcomer>(clients: Set<C>, client: C | undefined): boolean {
  if (!client) return false;
  clients.delete(client);
  client.isPutOut = true;
  client.socket.destroy();
  return true;
}
