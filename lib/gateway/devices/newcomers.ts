/** A connection that has not logged in, of which nothing may be known yet, not even where it comes from. */
export type Newcomer = {
  socket: { destroy(): unknown };
  isLoggingIn: boolean;
  isPutOut: boolean;
  sayBye(): void;
};

export function unnamed(socket: Newcomer["socket"]): Newcomer {
  return { socket, isLoggingIn: false, isPutOut: false, sayBye: () => void socket.destroy() };
}

/**
 * Clients that have not logged in: all of them, or those of one network. Where they are too many the oldest makes room,
 * unless its login is looked up: a device logs in at once, and one that only holds connections keeps no other out.
 */
export class Newcomers implements Iterable<Newcomer> {
  readonly #clients = new Set<Newcomer>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = Math.ceil(most);
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Whether there is no place, and none can be made. */
  get isFull(): boolean {
    return this.size >= this.#most && this.#oldest === undefined;
  }

  /** One that can't have a place is put out itself. @returns whether one had to go */
  add(client: Newcomer): boolean {
    const goes = this.size >= this.#most ? (this.#oldest ?? client) : undefined;
    this.#clients.add(client);
    return this.#putOut(goes);
  }

  /** @returns whether one made room */
  makeRoom(): boolean {
    return this.#putOut(this.#oldest);
  }

  delete(client: Newcomer): void {
    this.#clients.delete(client);
  }

  [Symbol.iterator](): Iterator<Newcomer> {
    return this.#clients.values();
  }

  get #oldest(): Newcomer | undefined {
    for (const client of this.#clients) if (!client.isLoggingIn) return client;
    return undefined;
  }

  #putOut(client: Newcomer | undefined): boolean {
    if (!client) return false;
    this.#clients.delete(client);
    client.isPutOut = true;
    client.socket.destroy();
    return true;
  }
}
