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
    return this.#clients.size > this.#most && this.#putOut(this.#silent() ?? this.#first());
  }

  /**
   * Where all places are taken, by those that have logged in as well.
   * @returns whether one that is only connected made room
   */
  makeRoom(): boolean {
    return this.#putOut(this.#silent());
  }

  #putOut(client: C | undefined): boolean {
    if (!client) return false;
    this.#clients.delete(client);
    client.isPutOut = true;
    client.socket.destroy();
    return true;
  }

  delete(client: C): void {
    this.#clients.delete(client);
  }

  [Symbol.iterator](): Iterator<C> {
    return this.#clients.values();
  }

  /** The oldest whose login is not looked up. */
  #silent(): C | undefined {
    for (const client of this.#clients) if (!client.isLoggingIn) return client;
    return undefined;
  }

  #first(): C | undefined {
    return this.#clients.values().next().value;
  }
}
