export type Newcomer = {
  socket: { destroy(): unknown };
  isLoggingIn: boolean;
  isPutOut: boolean;
  sayBye(): void;
};

/**
 * The clients that have not logged in. All of them together have half of the places, and the oldest makes room: a
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
    const oldest = this.#clients.size > this.#most && this.#oldest();
    if (!oldest) return false;
    this.#clients.delete(oldest);
    oldest.isPutOut = true;
    oldest.socket.destroy();
    return true;
  }

  delete(client: C): void {
    this.#clients.delete(client);
  }

  [Symbol.iterator](): Iterator<C> {
    return this.#clients.values();
  }

  #oldest(): C | undefined {
    for (const client of this.#clients) if (!client.isLoggingIn) return client;
    return this.#clients.values().next().value;
  }
}
