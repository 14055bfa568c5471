type Newcomer = { socket: { destroy(): unknown }; isLoggingIn: boolean };

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

  add(client: C): void {
    this.#clients.add(client);
    if (this.#clients.size <= this.#most) return;
    const oldest = this.#oldest();
    if (!oldest) return;
    this.#clients.delete(oldest);
    oldest.socket.destroy();
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
