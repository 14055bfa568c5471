import { networkOf } from "./networks";

export type Newcomer = { readonly isLoggingIn: boolean; putOut(): void };

/** When full, the oldest of the largest network goes: idle connections keep out no other one. */
export class Newcomers<N extends Newcomer> implements Iterable<N> {
  readonly #networks = new Map<string, Set<N>>();
  readonly #networkOf = new Map<N, string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = Math.ceil(most);
  }

  add(newcomer: N, address: string): boolean {
    const network = networkOf(address);
    this.#networkOf.set(newcomer, network);
    this.#networks.set(network, (this.#networks.get(network) ?? new Set()).add(newcomer));
    return this.#networkOf.size > this.#most && this.makeRoom();
  }

  makeRoom(): boolean {
    let [goes, most]: [N | undefined, number] = [undefined, 0];
    for (const crowd of this.#networks.values())
      if (crowd.size > most) {
        const oldest = firstOf(crowd, ({ isLoggingIn }) => !isLoggingIn);
        if (oldest) [goes, most] = [oldest, crowd.size];
      }
    if (!goes) return false;
    this.delete(goes);
    goes.putOut();
    return true;
  }

  has(newcomer: N): boolean {
    return this.#networkOf.has(newcomer);
  }

  delete(newcomer: N): void {
    const network = this.#networkOf.get(newcomer) ?? "";
    this.#networkOf.delete(newcomer);
    const crowd = this.#networks.get(network);
    if (crowd?.delete(newcomer) && crowd.size === 0) this.#networks.delete(network);
  }

  [Symbol.iterator](): Iterator<N> {
    return this.#networkOf.keys();
  }
}

function firstOf<T>(all: Iterable<T>, is: (each: T) => boolean): T | undefined {
  for (const each of all) if (is(each)) return each;
  return undefined;
}
